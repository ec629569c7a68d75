"""The compiled search for short schedules: serial schedules, both ways in time, bred.

A population holds job lists for each direction of time.  A list is decoded by the serial schedule
generation scheme; the schedule, read from its other end, is a list for the other direction.  So
every schedule bred is justified against its parents' direction (forward–backward improvement),
one decoding each.  Children keep the father's order inside a window of time and the mother's
around it (Debels & Vanhoucke, "A decomposition-based genetic algorithm for the RCPSP", Operations
Research 55, 2007; the window where the father uses resources most follows Valls, Ballestín &
Quintanilla, EJOR 185, 2008).  Schedules of one length are told apart by the work left in their
last periods: the less there is, the nearer the next period is to being saved.

Work is counted in cells of the timeline looked at, so that a budget means the same everywhere.
"""

import numpy as np

from guatu.engines.schedule.levelling.compiled import compiled
from guatu.engines.schedule.levelling.packing import Floats, Ints, Packed

WINDOW_PARTS = 4
"""A window lasts from one to three of this many parts of the father's schedule."""
OVERHEAD = 4
"""Cells that breeding costs per job, beside those that decoding looks at."""
RANK = 1 << 32
"""Fitness is the length times this, plus the work in the last periods: length decides."""
SHARE_UNIT = 1000
"""Work in the last periods is counted in thousandths of all capacities for a period."""
HUNDRED = 100


@compiled
def drawn(state: "np.ndarray[tuple[int], np.dtype[np.uint64]]", count: int) -> int:
    """Return a random number below ``count`` (xorshift of Marsaglia, 2003)."""
    bits = state[0]
    bits ^= bits << np.uint64(13)
    bits ^= bits >> np.uint64(7)
    bits ^= bits << np.uint64(17)
    state[0] = bits
    return int(np.int64((bits >> np.uint64(11)) % np.uint64(count)))


@compiled
def ready(job: int, first: Ints, before: Ints, duration: Ints, start: Ints) -> int:
    """Return the period by whose beginning all that a job waits for is done."""
    begin = 0
    for arc in range(first[job], first[job + 1]):
        finish = start[before[arc]] + duration[before[arc]]
        begin = max(begin, finish)
    return begin


@compiled
def decode(
    order: Ints, first: Ints, before: Ints, project: Packed, free: Ints, start: Ints
) -> tuple[int, int]:
    """Start each job of the list as early as it fits; return the length and the cells looked at.

    ``free`` is the timeline, periods × words, written anew; ``start`` receives the answer.
    """
    duration, need, guard, full = project.duration, project.need, project.guard, project.full
    if len(full) == 1:
        return decode_word(order, first, before, duration, need, full[0], guard[0], free, start)
    return decode_words(order, first, before, duration, need, full, guard, free, start)


@compiled
def decode_word(
    order: Ints,
    first: Ints,
    before: Ints,
    duration: Ints,
    need: Ints,
    full: int,
    guard: int,
    free: Ints,
    start: Ints,
) -> tuple[int, int]:
    """Decode a project all of whose resources share one word: four times as fast."""
    cells, known, length = 0, 0, 0
    for place in range(len(order)):
        job = order[place]
        begin = ready(job, first, before, duration, start)
        lasts, units = duration[job], need[job, 0]
        while lasts > 0:
            while known < begin + lasts:
                free[known, 0] = full
                known += 1
            # From the last period backward: one that is too full lets the start jump past it.
            period = begin + lasts - 1
            while period >= begin and ((free[period, 0] - units) & guard) == guard:
                period -= 1
            cells += begin + lasts - period
            if period < begin:
                break
            begin = period + 1
        for period in range(begin, begin + lasts):
            free[period, 0] -= units
        start[job] = begin
        length = max(length, begin + lasts)
    return length, cells + len(order) + length


@compiled
def decode_words(
    order: Ints,
    first: Ints,
    before: Ints,
    duration: Ints,
    need: Ints,
    full: Ints,
    guard: Ints,
    free: Ints,
    start: Ints,
) -> tuple[int, int]:
    """Decode a project whose resources need several words."""
    cells, known, length, words = 0, 0, 0, len(full)
    for place in range(len(order)):
        job = order[place]
        begin = ready(job, first, before, duration, start)
        lasts = duration[job]
        while lasts > 0:
            while known < begin + lasts:
                free[known] = full
                known += 1
            period = begin + lasts - 1
            fits = True
            while fits and period >= begin:
                for word in range(words):
                    left = (free[period, word] - need[job, word]) & guard[word]
                    fits = fits and left == guard[word]
                if fits:
                    period -= 1
            cells += words * (begin + lasts - period)
            if period < begin:
                break
            begin = period + 1
        for period in range(begin, begin + lasts):
            for word in range(words):
                free[period, word] -= need[job, word]
        start[job] = begin
        length = max(length, begin + lasts)
    return length, cells + len(order) + length


@compiled
def turn(
    order: Ints, start: Ints, project: Packed, length: int, places: Ints, turned: Ints, key: Ints
) -> None:
    """Read a schedule from its end: ``key`` is each job's start seen from there, in order.

    Jobs that begin together keep the reverse of ``order``, which suits jobs without duration.
    """
    for period in range(length + 2):
        places[period] = 0
    for job in order:
        key[job] = length - start[job] - project.duration[job]
        places[key[job] + 1] += 1
    for period in range(1, length + 2):
        places[period] += places[period - 1]
    for place in range(len(order) - 1, -1, -1):
        job = order[place]
        turned[places[key[job]]] = job
        places[key[job]] += 1


@compiled
def fitness(start: Ints, project: Packed, length: int, last: int) -> int:
    """Rank a schedule: by length, then by the work in its ``last`` periods."""
    work = 0.0
    for job in range(len(start)):
        inside = start[job] + project.duration[job] - (length - last)
        if inside > 0:
            work += float(project.weight[job]) * float(min(inside, project.duration[job]))
    return length * RANK + int(min(work * SHARE_UNIT, RANK - 1.0))


@compiled
def fullest(key: Ints, project: Packed, length: int, lasts: int, used: Floats) -> int:
    """Return the beginning of the window of ``lasts`` periods in which most work is done."""
    for period in range(length + 1):
        used[period] = 0.0
    for job in range(len(key)):
        used[key[job]] += project.weight[job]
        used[key[job] + project.duration[job]] -= project.weight[job]
    rate, total = 0.0, 0.0
    for period in range(length + 1):
        rate += used[period]
        used[period] = total
        total += rate
    found, most = 0, -1.0
    for begin in range(length - lasts + 1):
        work = used[begin + lasts] - used[begin]
        if work > most:
            found, most = begin, work
    return found


@compiled
def join(father: Ints, key: Ints, mother: Ints, begin: int, end: int, child: Ints) -> None:
    """Order the jobs the father starts in begin…end as he does, those around as the mother does."""
    place = 0
    for job in mother:
        if key[job] < begin:
            child[place] = job
            place += 1
    for job in father:
        if begin <= key[job] <= end:
            child[place] = job
            place += 1
    for job in mother:
        if key[job] > end:
            child[place] = job
            place += 1


@compiled
def shift(
    state: "np.ndarray[tuple[int], np.dtype[np.uint64]]",
    order: Ints,
    place_of: Ints,
    project: Packed,
    direction: int,
) -> None:
    """Move one random job to a random place between its predecessors and its successors."""
    count = len(order)
    for place in range(count):
        place_of[order[place]] = place
    job = drawn(state, count)
    low, high, place = 0, count - 1, place_of[job]
    first, before = project.first[direction], project.before[direction]
    for arc in range(first[job], first[job + 1]):
        low = max(low, place_of[before[arc]] + 1)
    first, before = project.first[1 - direction], project.before[1 - direction]
    for arc in range(first[job], first[job + 1]):
        high = min(high, place_of[before[arc]] - 1)
    if high <= low:
        return
    goal = low + drawn(state, high - low + 1)
    step = 1 if goal > place else -1
    while place != goal:
        order[place] = order[place + step]
        place += step
    order[goal] = job


@compiled
def cross(
    state: "np.ndarray[tuple[int], np.dtype[np.uint64]]",
    lists: Ints,
    keys: Ints,
    fits: Ints,
    slot: int,
    project: Packed,
    settings: tuple[int, int, int],
    used: Floats,
    child: Ints,
) -> None:
    """Join the list of ``slot`` with the better of two others at a window of time."""
    size = len(fits)
    mate, rival = drawn(state, size), drawn(state, size)
    if fits[rival] < fits[mate]:
        mate = rival
    father, mother = (slot, mate) if slot % 2 == 0 else (mate, slot)
    length = fits[father] // RANK
    lasts = length // WINDOW_PARTS + drawn(state, length // 2 + 1)
    if drawn(state, HUNDRED) < settings[0]:
        begin = fullest(keys[father], project, length, lasts, used)
    else:
        begin = drawn(state, length + 1)
    join(lists[father], keys[father], lists[mother], begin, begin + lasts, child)


@compiled
def remember(best: Ints, start: Ints, length: int, project: Packed, way: int) -> None:
    """Keep a schedule if it is the shortest so far, its starts counted forward."""
    count = len(start)
    if length >= best[count]:
        return
    best[count] = length
    for job in range(count):
        best[job] = start[job] if way == 0 else length - start[job] - project.duration[job]


@compiled
def put_best_first(lists: Ints, keys: Ints, fits: Ints) -> None:
    """Change places so that slot 0 holds the fittest list."""
    lead = np.argmin(fits)
    if lead == 0:
        return
    for job in range(lists.shape[1]):
        held, other = lists[0, job], keys[0, job]
        lists[0, job], keys[0, job] = lists[lead, job], keys[lead, job]
        lists[lead, job], keys[lead, job] = held, other
    fits[0], fits[lead] = fits[lead], fits[0]


@compiled
def room_for(project: Packed) -> tuple[Ints, tuple[Floats, Ints]]:
    """Return a timeline, and what crossing and shifting count in."""
    free = np.empty((project.horizon + 1, len(project.full)), dtype=np.int64)
    used = np.empty(project.horizon + 3, dtype=np.float64)
    return free, (used, np.empty(project.horizon + 3, dtype=np.int64))


@compiled
def bear(
    state: "np.ndarray[tuple[int], np.dtype[np.uint64]]",
    lists: Ints,
    keys: Ints,
    fits: Ints,
    slot: int,
    way: int,
    project: Packed,
    settings: tuple[int, int, int],
    room: tuple[Floats, Ints],
    child: Ints,
) -> None:
    """Write the list to be decoded for ``slot`` of one direction; the best is taken as it is."""
    used, places = room
    child[:] = lists[slot]
    if slot > 0:
        cross(state, lists, keys, fits, slot, project, settings, used, child)
        shift(state, child, places, project, way)


@compiled
def breed(
    project: Packed,
    lists: Ints,
    keys: Ints,
    fits: Ints,
    best: Ints,
    state: "np.ndarray[tuple[int], np.dtype[np.uint64]]",
    settings: tuple[int, int, int],
    budget: tuple[int, int],
) -> tuple[int, int]:
    """Breed whole generations until ``budget[0]`` cells are spent or ``budget[1]`` is reached.

    ``lists[o, i]`` is the i-th list to be decoded in direction o, ``keys`` its jobs' starts as seen
    from there, ``fits`` its fitness; slot 0 holds the best and is only turned.  ``best`` receives
    the shortest schedule's starts, then its length.  ``settings``: of a hundred windows those taken
    where most is used, of a hundred worse children those refused, periods that count as last.
    Returns the cells spent and the schedules made.
    """
    _, refused, last = settings
    size, count = lists.shape[1], lists.shape[2]
    free, room = room_for(project)
    start, child = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    spent, made = 0, 0
    while spent < budget[0] and best[count] > budget[1]:
        for way in range(2):
            mine, seen, fit = lists[way], keys[way], fits[way]
            first, before, other = project.first[way], project.before[way], 1 - way
            for slot in range(size):
                bear(state, mine, seen, fit, slot, way, project, settings, room, child)
                length, cells = decode(child, first, before, project, free, start)
                spent += cells + OVERHEAD * count
                made += 1
                remember(best, start, length, project, way)
                rank = fitness(start, project, length, last)
                if slot == 0 or rank <= fits[other, slot] or drawn(state, HUNDRED) >= refused:
                    turned, key = lists[other, slot], keys[other, slot]
                    turn(child, start, project, length, room[1], turned, key)
                    fits[other, slot] = rank
            put_best_first(lists[other], keys[other], fits[other])
    return spent, made
