// Check your answers: every question and what was answered, with a way back to its page.
import {$, $$, clone, fill, show, word} from '../shell/dom.js';
import {nameOf, plain, wrongOn} from './complaining.js';
import {inputsOf, list, marks, other} from './filling.js';
import {answersOf, holdersOf} from './reading.js';

const dated = (item, place) => {
  const [{valueDate, valueDateTime = valueDate ?? ''} = {}] = answersOf(item, place), [day, time = ''] = valueDateTime.split('T');
  if (!day) return inputsOf(place).filter(({dataset}) => dataset.part !== 'time').map(({value}) => value.trim()).filter(Boolean).join(' / ');   // no day, as it was typed
  return [plain(day), time.slice(0, 5)].filter(Boolean).join(', ');
};

const chosen = (item, place) => {
  const own = other(place)?.value.trim(), select = list(place);
  if (select) return select.selectedIndex > (item.options ?? []).length ? own : select.selectedIndex ? select.selectedOptions[0].textContent.trim() : '';
  return marks(place).filter(({checked}) => checked).map(mark => (other(place) && mark === marks(place).at(-1) ? own : mark.nextElementSibling.textContent.trim())).filter(Boolean).join(', ');
};

const saidIn = (item, place) => {
  if (item.type === 'attachment') return (place.files ?? []).length ? word('files-there', {n: place.files.length}) : '';
  if (item.type === 'boolean' && marks(place).length === 1) return marks(place)[0].checked ? word('agreed') : place.no ? word('not-agreed') : '';
  if (item.options || ['boolean', 'choice', 'open-choice'].includes(item.type)) return chosen(item, place);
  if (item.type === 'date' || item.type === 'dateTime') return dated(item, place);
  const [input] = inputsOf(place), unit = $('.is-unit', place)?.selectedOptions[0].textContent ?? $('.pair span', place)?.textContent;
  return input.value.trim() && [input.value.trim(), unit?.trim()].filter(Boolean).join(' ');
};

// What a question says, in the words of the page; a line for each answer.
export const saidOf = place => holdersOf(place).map(each => saidIn(place.item, each)).filter(Boolean).join('\n');

// What is asked in an element, in order: questions, and names of the groups and rows they stand in (with some answer there, if any).
export const linesOf = root => $$('.q, .several > .rows-of > .row > .row-name, .group > legend', root).filter(place => !place.closest('[hidden]:not([data-page], #form)')).map(place => {
  if (!place.matches('.q')) return {heading: place.textContent.trim(), text: $$('.q', place.parentElement).map(saidOf).find(Boolean)};
  return {name: nameOf(place), text: saidOf(place)};
});

export const line = ({heading, name, text}) => {
  if (heading) {
    const element = document.createElement('h4');
    element.textContent = heading;
    return element;
  }
  const element = clone('answer');
  fill(element, {name, text: text || word('no-answer')});
  $('[data-text=text]', element).classList.toggle('dim', !text);
  return element;
};

const card = (page, id) => {
  const made = clone('checked-page'), section = page.sectionOf(id), wrong = wrongOn(page, id).length > 0;
  const name = $('h2', section).textContent.trim();
  fill(made, {title: name, of: word('of-page', {name})});
  $('.lines', made).append(...linesOf(section).map(line));
  $('a', made).href = `#${id}`;
  $('a', made).addEventListener('click', event => {
    event.preventDefault();
    page.back = 'check';
    page.go(id);
  });
  show($('.tag', made), wrong);
  return made;
};

const before = page => page.pages().filter(id => page.steps().indexOf(id) < page.steps().indexOf('check'));

export const draw = (page, amending) => {
  show($('#amending'), amending);
  $('#checked').replaceChildren(...before(page).map(id => card(page, id)));
};

// The pages on which something is missing or wrong, each with a way there.
export const unfinished = (page, lead) => before(page).filter(id => wrongOn(page, id).length).map(id => ({
  code: 'unfinished', name: $('h2', page.sectionOf(id)).textContent.trim(), go: () => lead(id),
}));

// All answers, to be read and printed.
export const whole = page => page.pages().map(id => {
  const made = card(page, id);
  for (const each of $$('a, .tag', made)) each.remove();
  return made;
});
