/**
 * What the graphs of the chart share: scales, ticks, paths. Drawn as SVG, so that it is sharp on any screen and reads
 * as text for whoever does not see it.
 */

export const PLOT = { width: 860, height: 430, left: 52, right: 46, top: 14, bottom: 42 };

/** Return the function that takes a value of `domain` to a place in `range`. */
export function scale([low, high], [from, to]) {
    const span = high - low || 1;
    return (value) => from + ((value - low) / span) * (to - from);
}

/** Return round numbers between two values, about `count` of them. */
export function niceTicks(low, high, count = 6) {
    if (!(high > low)) {
        return [low];
    }
    const rough = (high - low) / count;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].find((factor) => factor * power >= rough) * power;
    const ticks = [];
    for (let index = Math.ceil(low / step); index * step <= high + step * 1e-9; index++) {
        ticks.push(Number((index * step).toPrecision(12)));
    }
    return ticks;
}

/** Return the path of a line through `[x, y]` points; '' for fewer than two. */
export function linePath(points, sx, sy) {
    if (points.length < 2) {
        return "";
    }
    return points.map(([x, y], index) => `${index ? "L" : "M"}${sx(x).toFixed(1)} ${sy(y).toFixed(1)}`).join("");
}

const { DateTime } = luxon;
const DAY = 86400000;
const STEPS = [
    [DAY, "day", 1, { day: "numeric", month: "short" }],
    [7 * DAY, "week", 1, { day: "numeric", month: "short" }],
    [30.4 * DAY, "month", 1, { month: "short", year: "2-digit" }],
    [91.3 * DAY, "quarter", 1, { month: "short", year: "2-digit" }],
    [182.6 * DAY, "month", 6, { month: "short", year: "2-digit" }],
    [365.25 * DAY, "year", 1, { year: "numeric" }],
    [5 * 365.25 * DAY, "year", 5, { year: "numeric" }],
    [10 * 365.25 * DAY, "year", 10, { year: "numeric" }],
];

/** Return `{ value, label }` of days, weeks, months or years between two moments in milliseconds, at most ten. */
export function timeTicks(low, high) {
    const [, unit, every, format] = STEPS.find(([length]) => (high - low) / length <= 10) || STEPS.at(-1);
    const ticks = [];
    let moment = DateTime.fromMillis(low).startOf(unit);
    while (moment.toMillis() <= high && ticks.length < 100) {
        const value = moment.toMillis();
        if (value >= low) {
            ticks.push({ value, label: moment.toLocaleString(format) });
        }
        moment = moment.plus({ [unit]: every });
    }
    return ticks;
}

/** Return the patient a widget stands for: the record itself, or the one of a visit. */
export function patientIdOf(record) {
    if (record.resModel === "medical.patient") {
        return record.resId || false;
    }
    return record.data.patient_id?.id || false;
}

/** Name of the event on `env.bus` that says that something was measured; its detail is `{ patientId }`. */
export const MEASURED = "medical-measured";
