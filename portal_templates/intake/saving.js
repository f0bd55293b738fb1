// The draft on its way to the clinic: one save at a time, tried until it is through, merged with what another device has saved.
import {ask, Refused, signedOut} from '../shell/api.js';
import {$, say, show, word} from '../shell/dom.js';

const PAUSES = [1, 2, 4, 8, 15, 30];   // seconds between tries

let page, running = null, wanted = false, last = '', again = () => {};
const heard = new Set();

const state = name => {
  const line = $('#saved');
  line.textContent = name ? word(`saving-${name}`) : '';
  line.dataset.state = name;
  show(line, Boolean(name));
  for (const each of heard) each(name);
};

// Calls `listener` with "now", "done" or "waiting" whenever that changes.
export const hear = listener => heard.add(listener);

const told = () => {
  const {items} = page.answers();
  return {items, seen: [...page.seen], page: page.at === 'check' ? '' : page.at, language: page.language};
};

// A request that changes the answers. Where another device was first, both are put together by what this one knew.
export const change = async (verb, body) => {
  const path = `responses/${encodeURIComponent(page.view.id)}/${verb}`, headers = {'If-Match': `"${page.view.version}"`};
  try {
    return {view: await ask(path, {send: body, headers}), merged: false};
  } catch (problem) {
    if (problem.status !== 412 || verb === 'amend') throw problem;
    return {view: await ask(path, {send: {...body, known: page.view.items}, headers}), merged: true};
  }
};

const once = async () => {
  const body = told(), text = JSON.stringify(body);
  const {view, merged} = await change('save', body);
  const same = JSON.stringify(told().items) === JSON.stringify(body.items);
  last = text;
  if (merged && !same) page.view = {...page.view, items: body.items};   // what was typed meanwhile is put together with it next
  else page.view = view;
  page.keep?.();
  if (merged && same) page.merged(view);
  page.flagged(view);
  wanted = wanted || (merged && !same);
};

// Until it may be worth another try.
const pause = seconds => new Promise(done => {
  const timer = setTimeout(done, seconds * 1000);
  again = () => { clearTimeout(timer); done(); };
  addEventListener('online', again, {once: true});
});

const run = async () => {
  for (let tries = 0; wanted; tries += 1) {
    wanted = false;
    state('now');
    try {
      await once();
      state('done');
      tries = -1;
    } catch (problem) {
      if (!problem.type) throw problem;
      if (problem.status === 401) { signedOut(); throw problem; }
      if (!problem.unsure && problem.status !== 429) throw problem;
      wanted = true;
      state('waiting');
      page.keep?.();
      await pause(problem.retryAfter || PAUSES[Math.min(tries, PAUSES.length - 1)]);
    }
  }
};

// Saves what stands in the page, now or as soon as that can be. Resolves when it is through; Refused where it cannot be.
export const save = () => {
  wanted = wanted || JSON.stringify(told()) !== last;
  running ??= run().catch(problem => {
    state(problem.status === 401 ? '' : 'failed');
    throw problem;
  }).finally(() => { running = null; });
  return running;
};

// What the page does when nobody looks at it any more.
export const leave = () => {
  const body = told();
  if (!running && JSON.stringify(body) !== last && page.dirty) ask(`responses/${encodeURIComponent(page.view.id)}/save`, {
    send: body, headers: {'If-Match': `"${page.view.version}"`}, last: true,
  }).then(view => { page.view = view; last = JSON.stringify(body); }).catch(() => {});
};

export const retry = () => again();
export const isWaiting = () => $('#saved').dataset.state === 'waiting';

export const follow = given => {
  page = given;
  last = JSON.stringify(told());
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden' && page.view && !page.over) leave(); });
};
