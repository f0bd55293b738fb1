// What is otherwise where the page is on a tablet of the clinic: one way out, and nothing left behind.
import {ask, here, tabs} from '../shell/api.js';
import {$$, show} from '../shell/dom.js';

export const HANDED_BACK = '#handed-back';

// All that pages of this clinic may have kept in this browser.
export const emptied = async () => {
  sessionStorage.clear();
  for (const {name} of await indexedDB.databases?.() ?? []) indexedDB.deleteDatabase(name);
};

const leave = async () => {
  await ask('sign-out', {send: {}}).catch(() => {});
  tabs.postMessage('signed-out');
  await emptied().catch(() => {});
  location.replace(`${here.home}kiosk/${HANDED_BACK}`);
};

export const MARK = 'on-tablet';  // in the storage of this tab, as long as a patient holds the tablet

// For pages that a tablet shows: the ways to what is not for a tablet go; the one out comes.
export const hold = () => {
  for (const form of $$('form')) form.autocomplete = 'off';  // else the browser fills it in again for whoever goes back
  for (const link of $$('.site-nav a:not([data-language]), .site-footer nav a, #back, a.brand')) link.removeAttribute('href');
  for (const part of $$('.site-nav a:not([data-language]), .site-footer nav, #back, label:has(#keep), label:has(#keep) + .hint')) show(part, false);
  for (const button of $$('[data-hand-back]')) {
    show(button);
    button.addEventListener('click', leave, {once: true});
  }
  document.addEventListener('signed-out', leave, {once: true});
  addEventListener('pageshow', ({persisted}) => { if (persisted) location.reload(); });
};
