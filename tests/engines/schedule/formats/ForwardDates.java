import java.io.File;
import java.time.LocalDate;
import org.mpxj.Task;
import org.mpxj.cpm.MicrosoftScheduler;
import org.mpxj.reader.UniversalProjectReader;

/** Prints the dates MPXJ gives the tasks of each file of a folder, scheduled from a day on. */
public final class ForwardDates {
  public static void main(final String[] arguments) throws Exception {
    var start = LocalDate.parse(arguments[1]).atTime(8, 0);
    for (File file : new File(arguments[0]).listFiles()) {
      var project = new UniversalProjectReader().read(file);
      new MicrosoftScheduler().schedule(project, start);
      for (Task task : project.getTasks()) {
        if (task.getUniqueID() != 0) {
          System.out.println(
              String.join(
                  " ",
                  file.getName(),
                  task.getUniqueID().toString(),
                  task.getEarlyStart().toLocalDate().toString(),
                  task.getEarlyFinish().toLocalDate().toString()));
        }
      }
    }
  }
}
