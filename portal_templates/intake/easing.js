// What makes answering easier: a choice that can be undone, one's own words at hand, nothing lost on the way out, and answers on paper.
import {$, $$, clone, fill, focusOn, show, word} from '../shell/dom.js';
import {nameOf} from './complaining.js';
import {inputsOf, isOwn, marks, other} from './filling.js';
import {save} from './saving.js';

const LONGEST = 2000;   // milliseconds that somebody who leaves is kept waiting

// Whoever chooses "Other" by touch writes on; by keyboard, one only passes by.
const ownWords = ({target}) => {
  const place = target.closest('.q');
  if (place?.item && target !== other(place) && isOwn(place.item, place) && !other(place).value && !target.matches(':focus-visible')) focusOn(other(place));
};

const isFree = ({item}) => item && !item.required && !item.requiredWhen && !item.minOccurs && !item.repeats;

// An answer that need not be given can be taken away again.
const clearing = place => {
  const dots = marks(place).filter(({type}) => type === 'radio'), taken = dots.some(({checked}) => checked);
  let button = $(':scope > .clear', place);
  if (!dots.length || !isFree(place) || (!button && !taken)) return;
  if (!button) {
    button = clone('clear');
    fill(button, {of: word('of-page', {name: nameOf(place)})});
    button.addEventListener('click', () => {
      for (const dot of dots) dot.checked = false;
      if (other(place)) other(place).value = '';
      focusOn(dots[0]);
      dots[0].dispatchEvent(new Event('input', {bubbles: true}));
      show(button, false);
    });
    (other(place)?.parentElement ?? dots.at(-1).closest('.option')).after(button);
  }
  show(button, taken);
};

export const enter = section => { for (const place of $$('.q', section)) clearing(place); };

// What was typed is with the clinic before the next page asks it for the answers.
const leaving = page => event => {
  const link = event.target.closest('[data-language], #all');
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || !page.dirty || page.over || page.view?.status !== 'in-progress') return;
  event.preventDefault();
  const enough = new Promise(done => { setTimeout(done, LONGEST); });
  Promise.race([save().catch(() => {}), enough]).then(() => location.assign(link.href));
};

export const begin = page => {
  page.form.addEventListener('change', event => {
    ownWords(event);
    const place = event.target.closest('.q');
    if (place) clearing(place);
  });
  document.addEventListener('click', leaving(page));
  addEventListener('beforeprint', () => { for (const details of $$('#finished details')) details.open = true; });
};
