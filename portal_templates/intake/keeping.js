// A draft kept on this device while there is no connection: only where somebody has asked for it, and never for long.
import {$, show} from '../shell/dom.js';
import {write} from './writing.js';

const NAME = 'answers', STORE = 'drafts', LONGEST = 7 * 86_400_000;   // milliseconds

const opened = () => new Promise((done, failed) => {
  const way = indexedDB.open(NAME, 1);
  way.onupgradeneeded = () => way.result.createObjectStore(STORE);
  way.onsuccess = () => done(way.result);
  way.onerror = () => failed(way.error);
});

// One step in the store; nothing where this browser keeps nothing.
const step = async (mode, work) => {
  const base = await opened().catch(() => null);
  if (!base) return null;
  try {
    return await new Promise((done, failed) => {
      const doing = base.transaction(STORE, mode), asked = work(doing.objectStore(STORE));
      doing.oncomplete = () => done(asked.result);
      doing.onerror = () => failed(doing.error);
    });
  } catch {
    return null;
  } finally {
    base.close();
  }
};

const keyOf = page => `${page.asked.get('visit') ?? ''} ${page.rules.id}`;

// Nothing is left behind.
export const forget = () => step('readwrite', store => store.clear());

export const drop = page => step('readwrite', store => store.delete(keyOf(page)));

const found = async page => {
  const draft = await step('readonly', store => store.get(keyOf(page)));
  if (!draft || (Date.now() - draft.at < LONGEST && (!page.view || draft.view.id === page.view.id))) return draft;
  await drop(page);
  return null;
};

const put = page => {
  const {items} = page.answers(), {view, seen, at} = page;
  return step('readwrite', store => store.put({view, items, seen: [...seen], page: at, at: Date.now()}, keyOf(page)));
};

const take = (page, draft) => {
  page.view = {...draft.view, page: draft.page};   // what was known then: it is merged with what another device has saved since
  page.seen = new Set([...draft.seen, ...page.seen]);
  page.keeps = true;
  $('#keep').checked = true;
  write(page.rules.items, page.form, draft.items);
  page.dirty = true;
};

export const begin = page => {
  let timer;
  page.keep = () => {
    clearTimeout(timer);
    if (page.keeps && !page.over) timer = setTimeout(() => put(page), 200);
  };
  $('#keep').addEventListener('change', ({target}) => {
    page.keeps = target.checked;
    if (page.keeps) put(page); else drop(page);
  });
};

// What was kept goes on, once the clinic has said how far it knows; whether there was anything.
export const resume = async page => {
  if (page.looked) return false;
  page.looked = true;
  const draft = page.view.status === 'in-progress' ? await found(page) : null;
  if (!draft) return false;
  take(page, draft);
  page.settle();
  show($('#offline'));
  if (page.steps().includes(draft.page)) {
    page.show(draft.page, false);
    history.replaceState(null, '', `#${draft.page}`);
  }
  return true;
};

// Without an answer of the clinic's: whether there was something to go on with.
export const goOn = async page => {
  const draft = await found(page);
  if (!draft) return false;
  page.looked = true;
  take(page, draft);
  page.settle();
  show($('#offline'));
  return true;
};
