// Which items of a form are asked, what is reckoned, and what is wrong with the answers: the same rules as the server's
// (chalicelib/intake/rules/deciding.py and values.py), tested against them. What counts is what the server decides.
const NUMBERS = ['Decimal', 'Integer', 'Quantity'], MOMENTS = ['Date', 'DateTime', 'Time'], WORDED = ['String', 'Uri'];
let today;
const DAY = /^[1-9]\d{3}(?:-(\d\d)(?:-(\d\d))?)?$/;
const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?$/;
const INSTANT = /^([1-9]\d{3}-\d\d-\d\d)T((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.\d+)?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

const said = answer => {
  const name = Object.keys(answer).find(each => each.startsWith('value') && answer[each] != null);
  if (!name) return null;
  const kind = name.slice(5), value = answer[name];
  if (kind === 'Coding') return {kind, value: `${value.system ?? ''}|${value.code ?? ''}`};
  if (kind === 'Quantity') return {kind, value: value.value ?? 0, unit: value.code || value.unit || ''};
  return {kind, value: kind === 'Attachment' ? value.url ?? '' : value};
};

const isDay = text => {
  const found = DAY.exec(text);
  if (!found) return false;
  const [year, month, day] = [+text.slice(0, 4), (found[1] ?? 1) - 1, +(found[2] ?? 1)], at = new Date(Date.UTC(year, month, day));
  return at.getUTCMonth() === month && at.getUTCDate() === day;
};

const moment = (kind, text) => {
  if (kind === 'Time') {
    const found = CLOCK.exec(text);
    return found && ['time', 3600 * found[1] + 60 * found[2] + +(found[3] ?? 0)];
  }
  const found = kind === 'DateTime' && INSTANT.exec(text);
  if (!found) return isDay(text) ? ['dated', text] : null;
  const [, day, clock, sign, hours, minutes] = found, offset = 3600 * (hours ?? 0) + 60 * (minutes ?? 0);
  return isDay(day) ? ['dated', Date.parse(`${day}T${clock}Z`) / 1000 - (sign === '-' ? -offset : offset)] : null;
};

const ordered = ({kind, value, unit}) => {
  if (MOMENTS.includes(kind)) return moment(kind, value);
  return NUMBERS.includes(kind) ? [`number ${unit ?? ''}`, value] : [kind, value];
};

const holds = (one, operator, other) => {
  let [left, first] = ordered(one) ?? [], [right, second] = ordered(other) ?? [];
  if (!left || left !== right) return false;
  if (left === 'dated' && first.length !== second.length) {
    // What both say decides, where it differs (FHIRPath).
    const shared = Math.min(10, one.value.length, other.value.length);
    first = one.value.slice(0, shared);
    second = other.value.slice(0, shared);
    if (first === second) return false;
  }
  if (operator === '=') return first === second;
  if (['Boolean', 'Coding', ...WORDED].includes(other.kind)) return false;
  if (operator === '>') return first > second;
  if (operator === '<') return first < second;
  return operator === '>=' ? first >= second : first <= second;
};

const isOption = (option, one) => (option.kind ?? 'Coding') === one.kind && option.value === one.value;

const wrong = (item, one) => {
  const {kind, value} = one, found = [], text = WORDED.includes(kind) ? [...value].length : 0;
  if (item.options && !(item.type === 'open-choice' && kind === 'String') && !item.options.some(each => isOption(each, one))) found.push('option');
  if (WORDED.includes(kind)) {
    if (item.maxLength && text > item.maxLength) found.push('too-long');
    if (text < (item.minLength ?? 0)) found.push('too-short');
    if (item.pattern && (text > 250 || !new RegExp(`^(?:${item.pattern})$`, 'u').test(value))) found.push('pattern');
  }
  if (MOMENTS.includes(kind) && !moment(kind, value)) return [...found, 'date'];
  if (NUMBERS.includes(kind)) {
    if (item.units && !item.units.includes(one.unit ?? '')) found.push('unit');
    const moved = value * 10 ** (item.maxDecimals ?? 0);
    if (item.maxDecimals != null && Math.abs(moved - Math.floor(moved + 0.5)) > 1e-6) found.push('decimals');
  }
  const bound = value => ({kind, value, unit: one.unit});
  if (item.minValue != null && holds(one, '<', bound(item.minValue))) found.push('too-small');
  if (item.maxValue != null && holds(one, '>', bound(item.maxValue))) found.push('too-large');
  if (item.notAfter && holds(one, '>', bound(kind === 'Integer' ? +today.slice(0, 4) : today))) found.push('too-large');
  return found;
};

const isGiven = item => !!(item.calculated || item.readOnly || item.hidden);

const grow = (nodes, above, path, items, given) => {
  const row = {above};
  row.nodes = items.map(item => {
    const node = {row, path: path + item.linkId, item, place: nodes.length, answers: []};
    nodes.push(node);
    const found = given.filter(each => each.linkId === item.linkId);
    let below = found.map(each => each.item ?? []);
    if (item.type === 'group') below = item.repeats ? below : [below[0] ?? []];
    else {
      const answered = (found[0]?.answer ?? []).map(each => [said(each), each.item ?? []]).filter(([one]) => one);
      node.answers = answered.map(([one]) => one);
      below = answered.map(([, each]) => each);
    }
    node.rows = below.map((each, n) => grow(nodes, node, `${node.path}${item.repeats ? `[${n}]` : ''}/`, item.items ?? [], each));
    return node;
  });
  return row;
};

const below = (row, linkId) => row.nodes.flatMap(node => (node.item.linkId === linkId ? [node] : node.rows.flatMap(each => below(each, linkId))));

const reached = (node, linkId) => {
  for (let {row} = node; row; row = row.above?.row) {
    if (row.above?.item.linkId === linkId) return [row.above];
    const found = below(row, linkId);
    if (found.length) return found;
  }
  return [];
};

const isSo = (node, condition) => {
  const found = reached(node, condition.question), before = found.filter(each => each.place < node.place);
  const answers = found.length ? answersOf(before.at(-1) ?? found[0]) : [];
  const {operator, kind = 'Boolean', value = true, unit} = condition;
  if (operator === 'exists') return !!answers.length === value;
  const differs = operator === '!=';
  return answers.some(one => holds(one, differs ? '=' : operator, {kind, value, unit})) !== differs;
};

const allHold = (node, conditions, anyOf) =>
  !conditions?.length || conditions[anyOf ? 'some' : 'every'](each => isSo(node, each));

const enabled = (node) =>
  (node.enabled ??= (!node.row.above || enabled(node.row.above)) && allHold(node, node.item.when, node.item.anyOf));

const answersOf = (node) => {
  if (!enabled(node)) return [];
  if (!isGiven(node.item)) return node.answers;
  const value = valueOf(node), {calculated, initial} = node.item;
  return value == null ? [] : [{kind: initial && !calculated ? initial[0].kind ?? 'Coding' : 'Decimal', value}];
};

const weighed = (node, kind) => answersOf(node).flatMap(one => {
  if (kind === 'sum') return (node.item.options ?? []).filter(each => isOption(each, one) && each.ordinal != null).map(each => each.ordinal);
  if (kind === 'bmi') return NUMBERS.includes(one.kind) ? [one.value] : [];
  const born = one.value;
  if (one.kind !== 'Date' || born.length !== today.length || !isDay(born) || born > today) return [];
  return [today.slice(0, 4) - born.slice(0, 4) - (today.slice(4) < born.slice(4) ? 1 : 0)];
});

const valueOf = (node) => {
  const {item} = node;
  if (!isGiven(item) || !enabled(node)) return null;
  if (!item.calculated) return item.initial ? item.initial[0].value ?? '' : null;
  const {kind, of} = item.calculated;
  const told = of.flatMap(each => reached(node, each)).flatMap(each => weighed(each, kind));
  if (kind === 'age') return told[0] ?? null;
  if (kind === 'sum') return told.length ? told.reduce((one, other) => one + other) : null;
  const bmi = Math.floor(100000 * told[0] / (told[1] * told[1]) + 0.5) / 10;
  return told.length === 2 && Math.min(...told) > 0 && Number.isFinite(bmi) ? bmi : null;
};

const complaints = (node, complete) => {
  const {item, answers, rows: {length}} = node, found = new Set();
  if (item.type === 'display') return [];
  if (!enabled(node)) return answers.length ? ['not-asked'] : [];
  if (isGiven(item)) return answers.length ? ['not-yours'] : [];
  if (item.type === 'group' && !item.repeats) return [];
  const few = item.minOccurs ?? 0, most = item.maxOccurs || (item.repeats ? 0 : 1);
  const required = item.required || few > 0 || (item.requiredWhen && allHold(node, item.requiredWhen, false));
  if (complete && required && !length) found.add('required');
  if (complete && length && length < few) found.add('too-few');
  if (most && length > most) found.add('too-many');
  for (const one of answers) for (const each of wrong(item, one)) found.add(each);
  if (length > 1 && item.options?.some(option => option.alone && answers.some(one => isOption(option, one)))) found.add('alone');
  if (complete && item.consent && required && answers.length && answers[0].value !== true) found.add('consent');
  return [...found];
};

// Every item of a form in its order: {path, enabled, value, complaints}; `day` is the clinic's local date.
export const decide = (items, given, day, complete) => {
  const nodes = [];
  today = day;
  grow(nodes, null, '', items, given);
  return nodes.map(node => ({
    path: node.path, enabled: enabled(node), value: valueOf(node), complaints: complaints(node, complete),
  }));
};
