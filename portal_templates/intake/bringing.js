// The parts of a form's page that its first moments do not need: they lie in a page of their own, once for every form.
import {here, Refused} from '../shell/api.js';
import {$, $$} from '../shell/dom.js';

const ask = address => new Promise((done, failed) => {
  const way = new XMLHttpRequest(), fail = () => failed(new Refused({type: 'unreachable'}));
  way.responseType = 'document';
  way.onload = () => (way.status === 200 && way.response ? done(way.response) : fail());
  way.onerror = way.ontimeout = fail;
  way.timeout = 10_000;
  way.open('GET', address);
  way.send();
});

const add = found => {
  const there = new Set($$('symbol').map(({id}) => id)), known = new Set($$('[data-word]', $('#words').content).map(({dataset}) => dataset.word));
  const words = $('#words', found)?.content;
  if (words) $('#words').content.append(...$$('[data-word]', words).filter(({dataset}) => !known.has(dataset.word)));
  $('symbol').parentElement.append(...$$('symbol', found).filter(({id}) => !there.has(id)));
};

// Brings words, icons and parts; Refused where that did not work.
export const bring = async () => {
  const found = await ask(`${here.home}forms/parts/`);
  add(found);
  $('.how-far').after(...$$('[data-part=above]', found));
  $('#parts').append(...$$('[data-part]', found), $('#error-summary', found));
};

// The same of what files need: the page of the visit's documents has it.
export const bringFiles = async () => {
  const found = await ask(`${here.home}documents/`);
  add(found);
  $('#parts').append($('#camera', found), $('#file', found));
};

// The later pages of a long form.
export const bringRest = async form => {
  const found = await ask(form.dataset.rest), pages = $$('[data-page]', found);
  add(found);
  $('#check').before(...pages);
  delete form.dataset.rest;
  return pages;
};
