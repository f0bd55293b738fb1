// What a form asks, as it is edited: words in each language, what is required, the order, the answers. Comes with a form.
import {here} from '../shell/api.js';
import {$, $$, clone, fill, knows, say, show, word} from '../shell/dom.js';
import {saidIn, sayIn} from './fhir_words.js';

const NAMES = new Intl.DisplayNames(here.tag, {type: 'language'});
const PAGE = '/fhir/StructureDefinition/page';  // how its address ends
const TYPES = {integer: 'number', decimal: 'number', quantity: 'number', dateTime: 'date', time: 'date', text: 'string', url: 'string', 'open-choice': 'choice'};
const UNASKED = new Set(['group', 'display']);
let way, serial = 0;  // whether it can be edited, the languages and the form's own, and what is called after each change

export const use = given => { way = given; };

// A field for each language of what a part says.
export const drawTexts = (owner, name, what) => way.languages.map(language => {
  const field = clone('text'), input = $('textarea', field), label = $('label', field);
  serial += 1;
  input.id = `text-${serial}`;
  field.dataset.field = input.id;
  label.htmlFor = input.id;
  label.textContent = way.languages.length > 1 ? word('in', {what: word(what), language: NAMES.of(language)}) : word(what);
  input.lang = language;
  input.value = saidIn(owner, name, language, way.tongue) || (way.canEdit ? '' : '–');
  input.rows = Math.min(6, Math.ceil(input.value.length / 40) || 1);
  input.readOnly = !way.canEdit;
  input.addEventListener('input', () => {
    sayIn(owner, name, language, way.tongue, input.value.trim());
    way.touched();
  });
  return field;
});

// Up and down in a list, which is drawn again; the button keeps the focus.
const moves = (list, one, redraw) => {
  const made = clone('moves');
  for (const button of $$('button', made)) {
    const by = Number(button.dataset.move), from = list.indexOf(one);
    button.disabled = from + by < 0 || from + by >= list.length;
    button.addEventListener('click', () => {
      const place = list.indexOf(one);
      list.splice(place + by, 0, ...list.splice(place, 1));
      const row = redraw(one), again = $(`[data-move="${by}"]`, row);
      (again.disabled ? $('[data-move]:enabled', row) : again)?.focus();
      say(word('moved', {n: list.indexOf(one) + 1}));
      way.touched();
    });
  }
  return made;
};

const wordsOfAnswer = option => (option.valueCoding ? [option.valueCoding, 'display'] : option.valueString === undefined ? null : [option, 'valueString']);

const drawAnswer = (list, option, redraw) => {
  const row = clone('answer'), said = wordsOfAnswer(option);
  if (said) row.prepend(...drawTexts(...said, 'answer-in'));
  else row.prepend(String(Object.entries(option).find(([name]) => name.startsWith('value'))?.[1] ?? ''));
  if (!way.canEdit) $('.actions', row).remove();
  else {
    $('.actions', row).prepend(...moves(list, option, redraw).children);
    $('[data-remove]', row).disabled = list.length < 2;
    $('[data-remove]', row).addEventListener('click', () => {
      list.splice(list.indexOf(option), 1);
      redraw();
      way.touched();
    });
  }
  return row;
};

// A code that no other answer has: answers already given go by theirs.
const newAnswer = list => {
  const codes = new Set(list.map(option => option.valueCoding?.code)), system = list[0]?.valueCoding?.system;
  let n = list.length + 1;
  while (codes.has(`answer-${n}`)) n += 1;
  const display = word('new-answer');
  return list.length && !list[0].valueCoding ? {valueString: `${display} ${n}`} : {valueCoding: {...(system && {system}), code: `answer-${n}`, display}};
};

const drawAnswers = item => {
  const field = clone('answers'), rows = $('ol', field), list = item.answerOption;
  const redraw = one => {
    rows.replaceChildren(...list.map(option => drawAnswer(list, option, redraw)));
    return rows.children[list.indexOf(one)] ?? rows;
  };
  const add = $('div > button:only-child', field);
  show(add, way.canEdit && list.every(option => wordsOfAnswer(option)));
  add.addEventListener('click', () => {
    const made = newAnswer(list);
    list.push(made);
    $('textarea', redraw(made)).focus();
    way.touched();
  });
  redraw();
  return field;
};

const drawMust = (item, row) => {
  const made = clone('must'), box = $('input', made);
  box.checked = item.required === true;
  box.disabled = !way.canEdit;
  box.addEventListener('change', () => {
    if (box.checked) item.required = true;
    else delete item.required;
    drawSummary(item, row);
    way.touched();
  });
  return made;
};

const typeName = ({type}) => word(knows(`type-${TYPES[type] ?? type}`) ? `type-${TYPES[type] ?? type}` : 'type-string');
const drawSummary = (item, row) => {
  fill($('summary', row), {
    text: saidIn(item, 'text', way.tongue, way.tongue) || item.linkId,
    kind: `${typeName(item)} · ${item.linkId}`,
    required: item.required ? word('required') : '',
  });
  show($('summary .tag', row), item.required === true);
};

const build = (item, list, row, redraw) => {
  const body = $('details > div', row), page = item.extension?.find(each => each.url?.endsWith(PAGE));
  if (page) body.append(...drawTexts(page, 'valueString', 'page-in'));
  body.append(...drawTexts(item, 'text', 'text-in'));
  body.addEventListener('input', () => drawSummary(item, row));
  if (!UNASKED.has(item.type) && !item.readOnly) body.append(drawMust(item, row));
  if (way.canEdit && list.length > 1) body.append(moves(list, item, redraw));
  if (item.answerOption?.length) body.append(drawAnswers(item));
  if (item.item?.length) {
    const below = document.createElement('ol');
    below.className = 'stack';
    body.append(below);
    drawItems(item.item, below);
  }
};

// What lies in a question is drawn once somebody looks into it: forms have hundreds.
const drawItem = (item, list, redraw) => {
  const row = clone('item'), details = $('details', row);
  drawSummary(item, row);
  details.addEventListener('toggle', event => {
    if (event.target === details && details.open && !$('details > div', row).childElementCount) build(item, list, row, redraw);
  });
  return row;
};

export const drawItems = (list, rows) => {
  const made = new Map(list.map(item => [item, drawItem(item, list, one => redraw(one))]));
  const redraw = one => {
    const open = $('details', made.get(one)).open;
    drawAgain(one);
    const row = made.get(one);
    $('details', row).open = open;
    if (open) build(one, list, row, redraw);
    return row;
  };
  const drawAgain = one => {
    made.set(one, drawItem(one, list, redraw));
    rows.replaceChildren(...list.map(item => made.get(item)));
  };
  rows.replaceChildren(...made.values());
};
