// The draft on its way to the clinic: one save at a time, tried until it is through, merged with what another device has saved.
import {ask, Refused, signedOut} from '../shell/api.js';
import {$, say, show, word} from '../shell/dom.js';

const PAUSES = [1, 2, 4, 8, 15, 30];   // seconds between tries

let page, running = null, wanted = false, last = '', again = () => {}, open = [];   // `open`: what the patient is still to choose between
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

// A request that changes the answers. Where another device was first, both are put together by what this one knew; what is handed in is
// looked through first.
export const change = async (verb, body) => {
  const path = `responses/${encodeURIComponent(page.view.id)}/${verb}`, headers = {'If-Match': `"${page.view.version}"`};
  try {
    return {view: await ask(path, {send: body, headers}), merged: false};
  } catch (problem) {
    if (problem.status !== 412 || verb !== 'save') throw problem;
    const view = await ask(path, {send: {...body, known: page.view.items}, headers}).catch(again => {
      throw again.status === 412 ? new Refused({...again, type: 'too-much'}) : again;   // both together are more than the form takes
    });
    return {view, merged: true};
  }
};

// What the clinic has now. What was typed meanwhile, in a page that another device's answers are to come into, is put together with it next.
const took = (body, view, merged) => {
  const same = JSON.stringify(told().items) === JSON.stringify(body.items);
  if (merged) open = [...open.filter(each => !view.conflicts.some(({path}) => path === each.path)), ...view.conflicts];
  last = JSON.stringify(body);
  page.view = merged && !same ? {...page.view, items: body.items} : view;
  if (merged && same) page.merged(view, open.splice(0));
  page.flagged(view);
  wanted = wanted || (merged && !same);
};

const once = async () => {
  const body = told(), {view, merged} = await change('save', body);
  took(body, view, merged);
  page.keep?.();
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

// Saves what stands in the page, now or as soon as that can be; `anyhow`: also where nothing is new here. Resolves when it is through;
// Refused where it cannot be.
export const save = (anyhow = false) => {
  wanted = wanted || anyhow || JSON.stringify(told()) !== last;
  running ??= run().catch(problem => {
    state(problem.status === 401 ? '' : 'failed');
    throw problem;
  }).finally(() => { running = null; });
  return running;
};

const MOST_LAST = 60_000;   // of what still goes out when a page is left

// What the page does when nobody looks at it any more. There may be no time for a second word: what it knew goes along at once.
export const leave = () => {
  const body = told(), known = {...body, known: page.view.items};
  page.keep?.(true);
  if (running || page.cancelled || JSON.stringify(body) === last || !page.dirty || page.view.status !== 'in-progress') return;
  ask(`responses/${encodeURIComponent(page.view.id)}/save`, {
    send: JSON.stringify(known).length < MOST_LAST ? known : body, headers: {'If-Match': `"${page.view.version}"`}, last: true,
  }).then(view => { if (!running && !page.over) took(body, view, true); }).catch(() => {});
};

export const retry = () => again();
export const isWaiting = () => $('#saved').dataset.state === 'waiting';

export const follow = given => {
  page = given;
  last = JSON.stringify(told());
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden' && page.view && !page.over) leave(); });
};
