// What is otherwise where the page is on a tablet of the clinic: one way out, and nothing left behind.
import {ask, here, tabs} from '../shell/api.js';
import {$$, show} from '../shell/dom.js';

export const HANDED_BACK = '#handed-back';
export const MARK = 'on-tablet';  // in the storage of a tab that a patient holds: the visit that the tablet was handed over for
const ANSWERS = 'answers', DRAFTS = 'drafts';  // intake/keeping.js
const NOWHERE = '.site-nav a:not([data-language]), .site-footer nav a, #back, a.brand';
const GONE = '.site-nav a:not([data-language]), .site-footer nav, #back, label:has(#keep), label:has(#keep) + .hint, #copy, #print, #missing .actions';

const done = asked => new Promise((well, ill) => { asked.onsuccess = () => well(asked.result); asked.onerror = () => ill(asked.error); });

// The drafts of that visit; those of others, at whatever clinic of this origin, stay.
const forget = async visit => {
  const found = await indexedDB.databases?.() ?? [];
  if (!found.some(({name}) => name === ANSWERS)) return;
  const way = indexedDB.open(ANSWERS);
  way.onupgradeneeded = () => way.transaction.abort();  // another tab has just removed it
  const base = await done(way);
  let left = 0;
  try {
    const store = base.transaction(DRAFTS, 'readwrite').objectStore(DRAFTS), [keys, drafts] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
    for (const [n, {view}] of drafts.entries()) {
      if (view.appointment === visit) await done(store.delete(keys[n]));
      else left += 1;
    }
  } finally {
    base.close();
  }
  if (left) return;
  const going = indexedDB.deleteDatabase(ANSWERS);
  await new Promise(on => { going.onsuccess = going.onerror = going.onblocked = on; });  // blocked: it goes when another tab lets go of it
};

// All that this tab, and pages of that visit, may have kept in this browser.
export const emptied = async visit => {
  sessionStorage.clear();
  await forget(visit).catch(() => {});
};

let held = '';

// Away from what was on the page; `over` as soon as the session is: else the page of the tablet sees to that, as to this tab's storage.
const go = async over => {
  await forget(held).catch(() => {});
  location.replace(`${here.home}kiosk/${over ? HANDED_BACK : ''}`);
};

const leave = async () => {
  const over = await ask('sign-out', {send: {}}).then(() => true, ({status}) => status === 401);
  if (over) tabs.postMessage('signed-out');
  return go(over);
};

const tidy = () => {
  for (const part of $$('form, [autocomplete]')) if (part.autocomplete !== 'off') part.autocomplete = 'off';  // else it is filled in again for whoever comes next
  for (const link of $$('a[href]')) if (link.matches(NOWHERE) || link.origin !== location.origin) link.removeAttribute('href');
  for (const part of $$(GONE)) if (!part.hidden) show(part, false);
};

// For pages that a tablet shows: the ways to what is not for a tablet go, also those that come later; the one out comes.
export const hold = visit => {
  if (held) return;
  held = visit;
  sessionStorage.setItem(MARK, visit);  // a reload is held at once
  tidy();
  new MutationObserver(tidy).observe(document.body, {childList: true, subtree: true});
  for (const button of $$('[data-hand-back]')) {
    show(button);
    button.addEventListener('click', leave, {once: true});
  }
  document.addEventListener('signed-out', () => go(true), {once: true});
  addEventListener('pageshow', ({persisted}) => { if (persisted) location.reload(); });
  // From here on shell/idle.js looks after the session. Once it is over, or another patient's, this page is not theirs.
  ask('session').then(({kiosk}) => kiosk === visit || go(true), () => {});
};
