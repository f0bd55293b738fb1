// What a form needs only at some moments comes with them, so that it is light.
import {Refused} from '../shell/api.js';
import {$, $$} from '../shell/dom.js';
import {bringFiles} from './bringing.js';

let files;
const PARTS = {
  ending: () => import('./ending.js'),
  signing: () => import('./signing.js'),
  attaching: async () => {
    if (!$('#camera')) await (files ??= bringFiles().finally(() => { files = null; }));
    return import('./attaching.js');
  },
};

// A part of them; Refused where the network is away.
export const fetched = name => PARTS[name]().catch(() => { throw new Refused({type: 'unreachable'}); });

// The same, as soon as the network is back; nothing once it is not `wanted` any more.
export const soon = async (name, wanted = () => true) => {
  while (wanted()) {
    const found = await fetched(name).catch(() => null);
    if (found) return found;
    await new Promise(done => { setTimeout(done, 2000); });
  }
  return null;
};

const asked = section => $$('.files', section).filter(list => !list.closest('[hidden]:not([data-page], #form)'));

// A tap that comes too early counts as soon as something hears it.
const remembered = section => {
  let tapped;
  const hear = ({target}) => { tapped = target.closest('[data-way]') ?? tapped; };
  section.addEventListener('click', hear);
  return () => {
    section.removeEventListener('click', hear);
    tapped?.click();
  };
};

// What sends files comes once some are asked for on the page in sight; `entered`: a page has come into sight, its files are looked after anew.
export const attach = async (page, entered = false) => {
  const {at} = page, section = at && at !== 'check' && page.sectionOf(at);
  if (!section || section.attaching || !asked(section).some(list => entered || !list.parentElement.ready)) return;
  section.attaching = true;
  const tap = remembered(section), found = await soon('attaching', () => page.at === at), entering = found?.enter(page, section);
  section.attaching = false;
  tap();
  await entering;
};
