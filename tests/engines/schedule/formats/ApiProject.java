import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import org.mpxj.ConstraintType;
import org.mpxj.Duration;
import org.mpxj.LocalTimeRange;
import org.mpxj.ProjectFile;
import org.mpxj.Relation;
import org.mpxj.RelationType;
import org.mpxj.Task;
import org.mpxj.TimeUnit;
import org.mpxj.mspdi.MSPDIWriter;

/** Builds a plan through MPXJ and writes it as MSPDI to the path given. */
public final class ApiProject {
  private static final ProjectFile FILE = new ProjectFile();

  public static void main(final String[] arguments) throws Exception {
    var properties = FILE.getProjectProperties();
    properties.setProjectTitle("示例工程");
    properties.setStartDate(LocalDateTime.of(2026, 3, 2, 8, 0));
    properties.setStatusDate(LocalDateTime.of(2026, 3, 10, 17, 0));
    var site = FILE.addDefaultBaseCalendar();
    site.setName("工地");
    site.addCalendarException(LocalDate.of(2026, 11, 1), LocalDate.of(2027, 3, 31)).setName("停工");
    var makeUp = site.addCalendarException(LocalDate.of(2026, 5, 9), LocalDate.of(2026, 5, 9));
    makeUp.add(new LocalTimeRange(LocalTime.of(8, 0), LocalTime.of(12, 0)));
    makeUp.add(new LocalTimeRange(LocalTime.of(13, 0), LocalTime.of(17, 0)));
    properties.setDefaultCalendar(site);

    var crew = FILE.addResource();
    crew.setName("电工班");
    var summary = FILE.addTask();
    summary.setName("厂房");
    var footing = task(summary, "基础", 10);
    var steel = task(summary, "钢结构", 20);
    var roof = task(summary, "屋面", 15);
    var power = task(summary, "通电", 0);
    footing.setActualStart(LocalDateTime.of(2026, 3, 3, 8, 0));
    footing.setRemainingDuration(Duration.getInstance(4, TimeUnit.DAYS));
    steel.setConstraintType(ConstraintType.START_NO_EARLIER_THAN);
    steel.setConstraintDate(LocalDateTime.of(2026, 4, 1, 8, 0));
    roof.setConstraintType(ConstraintType.FINISH_NO_LATER_THAN);
    roof.setConstraintDate(LocalDateTime.of(2026, 8, 31, 17, 0));
    power.setDeadline(LocalDateTime.of(2026, 9, 30, 17, 0));
    steel.addResourceAssignment(crew);
    for (Task task : new Task[] {footing, steel}) {
      task.setBaselineStart(LocalDateTime.of(2026, 3, 2, 8, 0));
      task.setBaselineFinish(LocalDateTime.of(2026, 4, 10, 17, 0));
    }
    steel.setBaselineFinish(3, LocalDateTime.of(2026, 4, 30, 17, 0));
    link(footing, steel, RelationType.FINISH_START, 7, TimeUnit.ELAPSED_DAYS);
    link(steel, roof, RelationType.START_START, 5, TimeUnit.DAYS);
    link(steel, roof, RelationType.FINISH_FINISH, 50, TimeUnit.PERCENT);
    link(roof, power, RelationType.START_FINISH, -2, TimeUnit.DAYS);
    new MSPDIWriter().write(FILE, arguments[0]);
  }

  private static Task task(final Task parent, final String name, final int days) {
    var task = parent.addTask();
    task.setName(name);
    task.setDuration(Duration.getInstance(days, TimeUnit.DAYS));
    task.setMilestone(days == 0);
    return task;
  }

  private static void link(
      final Task from, final Task to, final RelationType type, final int lag, final TimeUnit unit) {
    to.addPredecessor(
        new Relation.Builder().predecessorTask(from).type(type).lag(Duration.getInstance(lag, unit)));
  }
}
