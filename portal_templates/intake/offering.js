// What stands above a page's questions: answers of before to be confirmed, what was sent back and why, what another device said.
import {here} from '../shell/api.js';
import {$, $$, clone, fill, focusOn, show, word} from '../shell/dom.js';
import {linesOf, saidOf, line} from './checking.js';
import {nameOf, wrongOn} from './complaining.js';
import {save} from './saving.js';
import {read, unread} from './reading.js';
import {retype, write} from './writing.js';

const settled = new Set();   // pages on which an offer was answered

const dayOf = (page, at) => new Intl.DateTimeFormat(here.tag, {dateStyle: 'long', timeZone: page.form.dataset.zone}).format(new Date(at));
const itemsOf = (page, id) => page.rules.items.filter(({linkId}) => page.rules.pages[page.rules.starts.indexOf(id)].includes(linkId));

// What an offer says, in the page's words: it is put in, read and taken out again.
const told = (page, offer) => {
  const items = itemsOf(page, offer.page), section = page.sectionOf(offer.page);
  write(items, page.form, offer.items);
  page.settle();
  show(section);
  const lines = linesOf(section).filter(({text}) => text).map(line);
  write(items, page.form, []);
  page.settle();
  return lines;
};

const answerOffer = (page, offer, yes) => {
  settled.add(offer.page);
  write(itemsOf(page, offer.page), page.form, offer.items);
  page.dirty = true;
  page.settle();
  show($('#offer'), false);
  show($('#next'));
  show(page.sectionOf(offer.page));
  if (yes && !wrongOn(page, page.at).length) page.form.requestSubmit();   // else there is more to answer beside it
  else focusOn($('h2', page.sectionOf(offer.page)));
};

const offer = page => {
  const found = page.view.offers?.find(each => each.page === page.at), box = $('#offer');
  const open = found && !settled.has(page.at) && !page.seen.has(page.at) && !page.wanted;
  show(box, Boolean(open));
  show($('#next'), !open);
  if (!open) return;
  const section = page.sectionOf(page.at), name = $('h2', section).textContent;
  $('.lines', box).replaceChildren(...told(page, found));
  fill(box, {title: name, when: found.at ? word('told-on', {date: dayOf(page, found.at)}) : word('told-profile')});
  show(section, false);
  $('#offer-yes').onclick = () => answerOffer(page, found, true);
  $('#offer-no').onclick = () => answerOffer(page, found, false);
  focusOn($('h2', box));
};

// Above a question that was sent back: why, and that its answer may stay as it is.
const notes = page => {
  for (const {path, note} of page.wanted ? page.view.returned : []) {
    const place = $$('.q, .several', page.form).find(each => each.path === path);
    if (!place || place.noted) continue;
    const box = clone('note');
    fill(box, {note});
    $('input', box).addEventListener('change', ({target}) => { if (target.checked) page.kept.add(path); else page.kept.delete(path); });
    place.before(box);   // beside the question, not in it: its box is no answer
    place.noted = true;
    place.returned = JSON.stringify(read([place.item], place.parentElement));
  }
};

// What was sent back on the page in sight and is neither changed nor said to be right.
export const untouched = page => $$('.q, .several', page.sectionOf(page.at)).filter(place =>
  place.returned && !page.kept.has(place.path) && place.returned === JSON.stringify(read([place.item], place.parentElement))).map(place => ({place, code: 'returned'}));

export const enter = page => {
  notes(page);
  offer(page);
};

// A question's answer, and those to what is asked below it.
const wholeOf = place => [saidOf(place), ...linesOf(place).map(({heading, name, text}) => heading || `${name}: ${text || word('no-answer')}`)].filter(Boolean).join('; ').replaceAll('\n', ', ');

const over = (page, box) => {
  box.remove();
  const open = $('#conflicts ul').children.length > 0;
  show($('#conflicts'), open);
  if (!open) $('.error-summary', page.form)?.remove();
  page.redraw();
  focusOn(open ? $('#conflicts h2') : $('h2', page.sectionOf(page.at) ?? $('#check')));
};

const conflict = (page, {path, other}) => {
  const place = $$('.q', page.form).find(each => each.path === path);
  if (!place) return [];
  const put = () => { write([place.item], place.parentElement, [{linkId: place.item.linkId, answer: other}]); page.settle(); };
  const {given} = page.told(), mine = wholeOf(place);
  put();
  const theirs = wholeOf(place), box = clone('conflict');
  write(page.rules.items, page.form, given);
  page.settle();
  if (mine === theirs) return [];
  fill(box, {name: nameOf(place), mine: word('answer-here', {answer: mine || word('no-answer')}), theirs: word('answer-there', {answer: theirs})});
  $('[data-take=mine]', box).addEventListener('click', () => over(page, box));
  $('[data-take=theirs]', box).addEventListener('click', () => {
    put();
    page.dirty = true;
    save().catch(() => {});
    over(page, box);
  });
  box.path = path;
  return [box];
};

// Another device has saved too: the answers are put together, and where both answered one question the patient chooses. What has come
// into the page by it is to be looked through before it is sent.
export const merged = (page, view, conflicts) => {
  const before = JSON.stringify(page.answers().items), typed = unread(page.form);
  page.write(view.items);
  const found = conflicts.flatMap(each => conflict(page, each)), list = $('#conflicts ul');
  retype(page.form, typed);
  page.settle();
  if (!found.length && JSON.stringify(page.answers().items) === before) return;
  Object.assign(page, {news: true, merges: page.merges + 1});
  for (const box of [...list.children]) if (found.some(({path}) => path === box.path)) box.remove();
  list.append(...found);
  show($('#conflicts'), list.children.length > 0);
  page.redraw();
  if (found.length) focusOn($('#conflicts h2'));
  else if (page.at === 'check') focusOn($('#news'));
};
