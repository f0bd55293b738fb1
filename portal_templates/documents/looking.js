// What is done with one file of a card: looking at its pictures, changing it, trying again, taking it back.
import {ask} from '../shell/api.js';
import {$, clone, fill, focusOn, say, show, word} from '../shell/dom.js';
import {onSubmit, reasonOf} from '../shell/form.js';
import {nameOf, pathOf} from './sheet.js';

const viewer = $('#viewer'), withdrawing = $('#withdrawing');
let chosen;

const picture = async (document, name, page) => {
  const item = clone('viewer-page'), image = $('img', item);
  image.alt = word('picture', {name, n: page, all: document.pages});
  $('#viewer-pages').append(item);
  image.src = (await ask(pathOf(document, '/open'), {send: {page}})).url;
};

// All pages of a file, below each other.
const look = async (document, name) => {
  fill(viewer, {name});
  show($('#viewer-failed'), false);
  $('#viewer-pages').replaceChildren();
  viewer.showModal();
  try {
    for (let page = 1; page <= document.pages && viewer.open; page += 1) await picture(document, name, page);
  } catch (problem) {
    if (!problem.type) throw problem;
    $('#viewer-failed').textContent = reasonOf(problem);
    show($('#viewer-failed'));
  }
};

onSubmit($('#withdraw-form'), async () => {
  const {page, document} = chosen;
  await ask(pathOf(document, '/withdraw'), {send: {}});
  withdrawing.close();
  await page.refresh();
  focusOn($('h3', page.cardOf(page.kindOf(document.kind))));
  say(word('taken-back'));
});
$('#withdraw-no').addEventListener('click', () => withdrawing.close());
$('#viewer-close').addEventListener('click', () => viewer.close());

const withdraw = (page, document, name) => {
  chosen = {page, document};
  fill(withdrawing, {name, what: word(document.review === 'none' ? 'withdraw-unseen' : 'withdraw-seen')});
  withdrawing.showModal();
};

export const acts = {
  look: (_, {kind, document}) => look(document, nameOf(kind, document.page)),
  change: ({draw}, _, button) => {
    button.setAttribute('aria-expanded', button.getAttribute('aria-expanded') !== 'true');
    draw();
  },
  again: async (page, {job}, button) => {
    focusOn(button.closest('.sheet'));
    return (await page.outgoing()).again(page, job);
  },
  back: async (page, {kind, document, job}) => {
    if (document) return withdraw(page, document, nameOf(kind, document.page));
    (await page.outgoing()).drop(page, job);
    return focusOn($('h3', page.cardOf(kind)));
  },
};
