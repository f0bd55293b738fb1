// What counts of what stands in the page: what is sent, and what cannot wait.
import {$, $$, show} from '../shell/dom.js';
import {answersOf, isOption} from './reading.js';

const weighs = ({redFlag, options = []}, answer) => {
  const weights = [Number(answer.valueBoolean ?? answer.valueInteger ?? answer.valueDecimal ?? NaN)];
  weights.push(...options.filter(option => option.ordinal != null && isOption(option, answer)).map(option => option.ordinal));
  return weights.some(weight => weight >= (redFlag.atLeast ?? 1));
};

// Shows whom to call, at the question that says so; `raised` are the paths of answers that the clinic knows of, where the page has none.
export const warn = (form, raised = []) => {
  for (const box of $$('.crisis', form)) {
    const place = box.parentElement, answers = place.item ? answersOf(place.item, place) : [];
    show(box, !place.hidden && (answers.length ? answers.some(answer => weighs(place.item, answer)) : raised.includes(place.path)));
  }
};

const empty = ({item, answer}) => !answer?.length && !item?.some(each => !empty(each));

// The answers without what is not asked, and without rows in which nothing stands.
export const clean = (items, given, decisions, path = '') => items.flatMap(item => {
  const {linkId} = item, here = path + linkId, found = given.filter(each => each.linkId === linkId);
  if (!decisions.get(here)?.enabled) return [];
  return found.map((each, n) => {
    const below = `${here}${item.repeats ? `[${n}]` : ''}/`;
    if (item.type === 'group') return {linkId, item: clean(item.items ?? [], each.item ?? [], decisions, below)};
    return {linkId, answer: each.answer.map((answer, number) => (answer.item ? {
      ...answer, item: clean(item.items, answer.item, decisions, item.repeats ? `${here}[${number}]/` : below),
    } : answer))};
  }).filter(each => !empty(each));
});
