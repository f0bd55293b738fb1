// One file on the page: its picture, how far it has come, and what can be done with it.
import {ask} from '../shell/api.js';
import {$, clone, fill, show, word} from '../shell/dom.js';
import {reasonOf} from '../shell/form.js';

const WRONG = {type: 'reason-format', size: 'reason-large'};
const TRIES = 3;   // for a picture: a link is good for a minute

export const pathOf = (document, verb = '') => `documents/${encodeURIComponent(document.id)}${verb}`;

// How far a file of the clinic's has come, in the words of this page.
export const stateOf = ({state, review}) => {
  if (state === 'released') return review === 'none' ? 'sent' : review;
  return ['uploaded', 'scanning'].includes(state) ? 'checking' : state;
};

export const nameOf = (kind, page) => (kind.pages > 1 && page ? word('page-of', {name: kind.name, page}) : kind.name);

const detailOf = document => {
  if (document.state === 'refused') return word(`reason-${document.reason}`);
  if (document.stuck) return word('is-stuck-more');
  return word(`is-${stateOf(document)}-more`, {when: document.sentLabel, note: document.reviewNote});
};

// What the API says of a field, in the page's words where it has some.
export const problemOf = problem => {
  const [wrong] = problem.errors ?? [];
  return WRONG[wrong?.field] ? word(WRONG[wrong.field]) : wrong?.detail ?? reasonOf(problem);
};

export const newSheet = key => {
  const sheet = clone('sheet');
  sheet.dataset.key = key;
  return sheet;
};

// What the buttons of a card or a sheet say, and of what.
export const nameWays = (root, camera, file, name) =>
  fill(root, {camera: word(camera), file: word(file), of: word('of', {name})});

const showPicture = async (sheet, document) => {
  const image = $('img', sheet);
  if (!document.readable || image.dataset.of === document.id) return;
  image.dataset.of = document.id;
  let left = TRIES;
  const load = async () => {
    if (left-- < 1) return;
    const link = await ask(pathOf(document, '/open'), {send: {page: 1}}).catch(() => null);
    if (link) image.src = link.url;
  };
  image.onload = () => show(image);
  image.onerror = load;
  await load();
};

export const mark = (sheet, state) => {
  sheet.classList.toggle('is-wrong', ['returned', 'refused', 'failed', 'awaiting'].includes(state));
  sheet.classList.toggle('is-there', ['sent', 'accepted'].includes(state));
};

export const drawDocument = (sheet, document, kind, open) => {
  const state = stateOf(document), name = nameOf(kind, document.page), change = $('[data-act=change]', sheet);
  const urgent = ['returned', 'refused', 'awaiting'].includes(state), replaceable = open && document.replaceable;
  const opened = change.getAttribute('aria-expanded') === 'true';
  mark(sheet, state);
  const told = word(`is-${state}`);
  fill(sheet, {state: kind.pages > 1 ? `${document.page}. ${told}` : told, detail: detailOf(document), look: word('look', {name}), back: word(urgent ? 'remove' : 'take-back')});
  nameWays(sheet, 'take-again', 'other-file', name);
  show($('progress', sheet), false);
  show($('[data-act=again]', sheet), false);
  show(change, !urgent && state !== 'checking');
  show($('.ways', sheet), replaceable && (urgent || opened) && state !== 'checking');
  show($('[data-act=back]', sheet), state === 'checking' ? false : urgent || opened);
  $('.sheet-picture', sheet).disabled = !document.readable;
  showPicture(sheet, document);
};
