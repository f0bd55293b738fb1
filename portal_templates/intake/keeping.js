// A draft kept on this device while there is no connection: only where somebody has asked for it, for them alone, and never for long.
import {ask} from '../shell/api.js';
import {$, show} from '../shell/dom.js';
import {forget, lock, markOf, step} from './drafts.js';
import {unread} from './reading.js';
import {retype, write} from './writing.js';

const LONGEST = 7 * 86_400_000;   // milliseconds

const keyOf = page => `${page.asked.get('visit') ?? ''} ${page.rules.id}`;

export const drop = page => step('readwrite', store => store.delete(keyOf(page)));

const found = async page => {
  const draft = await step('readonly', store => store.get(keyOf(page)));
  if (!draft || (draft.who && Date.now() - draft.at < LONGEST && (!page.view || draft.view.id === page.view.id))) return draft;
  await drop(page);
  return null;
};

// Also what cannot be read, and what is not asked now: it is put together and left out again when it is sent.
const put = page => {
  const {given} = page.told(), {view, seen, at, who} = page;
  return who && step('readwrite', store => store.put({view, who, items: given, typed: unread(page.form), seen: [...seen], page: at, at: Date.now()}, keyOf(page)));
};

const take = (page, draft) => {
  page.view = {...draft.view, page: draft.page};   // what was known then: it is merged with what another device has saved since
  page.seen = new Set([...draft.seen, ...page.seen]);
  page.keeps = true;
  page.who = draft.who;
  $('#keep').checked = true;
  $('#keep').disabled = false;
  write(page.rules.items, page.form, draft.items);
  page.settle();
  retype(page.form, draft.typed ?? {});
  page.dirty = true;
  page.settle();
  show($('#offline'));
};

// Who is signed in, as far as a draft needs to know. Their session is not looked after here: nothing but their id is read.
const know = async page => {
  page.who = await ask('session', {raw: true}).then(answer => answer.text()).then(text => markOf(JSON.parse(text).patient?.id)).catch(() => '');
  $('#keep').disabled = !page.who;
  return page.who;
};

export const begin = page => {
  let timer;
  page.keep = now => {
    clearTimeout(timer);
    if (!page.keeps || page.over) return;
    if (now) put(page);
    else timer = setTimeout(() => put(page), 200);
  };
  $('#keep').addEventListener('change', ({target}) => {
    page.keeps = target.checked;
    if (page.keeps) put(page); else drop(page);
  });
};

// Nobody is signed in any more: because they said so, or because it took too long.
export const over = (page, said) => {
  Object.assign(page, {keeps: false, who: '', looked: false});
  $('#keep').checked = false;
  return said ? forget() : lock();
};

// What was kept goes on, once the clinic has said how far it knows; whether there was anything.
export const resume = async page => {
  const knowing = page.who || know(page);
  if (page.looked) return false;
  page.looked = true;
  const draft = page.view.status === 'in-progress' ? await found(page) : null;
  if (!draft) return false;
  const who = await knowing;
  page.looked = Boolean(who);
  if (who !== draft.who) {
    if (who) await drop(page);
    return false;
  }
  if (page.dirty) return $('#keep').checked = page.keeps = true;   // what stands in the page is newer
  take(page, draft);
  if (page.steps().includes(draft.page)) {
    page.show(draft.page, false);
    history.replaceState(null, '', `#${draft.page}`);
  }
  return true;
};

// Without an answer of the clinic's: whether there was something to go on with.
export const goOn = async page => {
  const draft = await found(page);
  if (!draft || draft.locked) return false;
  page.looked = true;
  take(page, draft);
  return true;
};
