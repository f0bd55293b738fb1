// Drafts kept in this browser: each is somebody's, known by a digest, and nobody else's eyes get it.
import {here} from '../shell/api.js';

const NAME = 'answers', STORE = 'drafts';

const opened = () => new Promise((done, failed) => {
  const way = indexedDB.open(NAME, 1);
  way.onupgradeneeded = () => way.result.createObjectStore(STORE);
  way.onsuccess = () => done(way.result);
  way.onerror = () => failed(way.error);
});

// One step in the store; nothing where this browser keeps nothing.
export const step = async (mode, work) => {
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

// Each draft goes on as `change` returns it, or is erased where that is nothing.
const each = change => step('readwrite', store => {
  const asked = store.openCursor();
  asked.onsuccess = () => {
    const {result: at} = asked, next = at && change(at.value);
    if (!at) return;
    if (next) at.update(next);
    else at.delete();
    at.continue();
  };
  return asked;
});

// Nothing is left behind.
export const forget = () => step('readwrite', store => store.clear());

// Nobody is signed in any more: what was kept is shown again to whom it belongs, once they have signed in.
export const lock = () => each(draft => ({...draft, locked: true}));

// Whose a draft is, as it is written down; nothing where the browser cannot reckon it.
export const markOf = async patient => {
  const bytes = patient && await crypto.subtle?.digest('SHA-256', new TextEncoder().encode(`${here.clinic} ${patient}`));
  return bytes ? Array.from(new Uint8Array(bytes), byte => byte.toString(16).padStart(2, '0')).join('') : '';
};

// Somebody has signed in: what others have kept here goes.
export const keepOnly = async patient => {
  const who = await markOf(patient);
  return each(draft => (draft.who === who ? draft : null));
};
