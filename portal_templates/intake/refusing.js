// What the clinic refuses, said where it belongs.
import {$, $$, focusOn, show} from '../shell/dom.js';
import {reasonOf} from '../shell/form.js';
import {complain} from './complaining.js';

// Where a place of the clinic's is in the page: itself, or what it stands in.
const placed = (places, field) => {
  for (let at = field ?? ''; at; at = at.slice(0, Math.max(at.lastIndexOf('/'), at.lastIndexOf('['), 0))) if (places.has(at)) return places.get(at);
  return undefined;
};

// The visit will not be, and nothing more is sent: what was typed stays to be read, and whom to call stands above it.
export const cancelled = page => {
  page.cancelled = true;
  show($('#offline'), false);
  show($('#visit-cancelled'));
  focusOn($('#visit-cancelled'));
};

// Loads what the clinic has. What is kept on this device would only be too much once more.
const anew = async page => {
  page.over = true;
  await page.drop();
  location.reload();
};

// A refusal at the questions it names, on the first page that has one.
export const answer = (page, problem) => {
  if (!problem.type) throw problem;
  if (problem.status === 401) return;
  if (problem.type === 'visit-cancelled') return cancelled(page);
  if (problem.type === 'too-much') return complain(page.form, [{code: 'too-much', go: () => anew(page)}]);
  const places = new Map($$('.q, .several, .row', page.form).filter(({path}) => path).map(place => [place.path, place]));
  const wrong = (problem.errors ?? []).map(({field, code, detail}) => ({place: placed(places, field), code, detail}));
  const found = wrong.find(({place}) => place);
  if (!found) return complain(page.form, [{detail: reasonOf(problem)}]);
  const id = found.place.closest('[data-page]').dataset.page;
  if (page.at !== id) page.go(id);
  complain(page.form, wrong.filter(({place}) => place?.closest('[data-page]').dataset.page === id));
};
