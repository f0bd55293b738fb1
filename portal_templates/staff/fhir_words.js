// The words of a form in each of its languages, as FHIR keeps them; and what reading it said.
import {$, $$, clone, fill} from '../shell/dom.js';

const TRANSLATION = '/StructureDefinition/translation';  // how its address ends; the whole of it stands in the page
const primary = tag => tag.split('-')[0].toLowerCase();
const part = (extension, name) => extension.extension?.find(each => each.url === name);
const isIn = language => each => each.url?.endsWith(TRANSLATION) && primary(part(each, 'lang')?.valueCode ?? '') === language;

export const ownLanguage = document => primary(document.language ?? 'en');

// Every language that anything of it is said in, its own first.
export const languagesOf = (document, ...others) => {
  const found = new Set([ownLanguage(document)]);
  const look = value => {
    if (!value || typeof value !== 'object') return;
    if (typeof value.url === 'string' && value.url.endsWith(TRANSLATION) && part(value, 'lang')?.valueCode) found.add(primary(part(value, 'lang').valueCode));
    Object.values(value).forEach(look);
  };
  look(document);
  others.forEach(tag => found.add(primary(tag)));
  return [...found];
};

// What a part says (`name` is "text", "display", "title") in a language; the document's own stands in the part itself.
export const saidIn = (owner, name, language, own) => {
  if (language === own) return owner[name] ?? '';
  const found = owner[`_${name}`]?.extension?.find(isIn(language));
  return found ? part(found, 'content')?.valueString ?? '' : '';
};

export const sayIn = (owner, name, language, own, text) => {
  if (language === own) {
    if (text) owner[name] = text;
    else delete owner[name];
    return;
  }
  const beside = owner[`_${name}`] ??= {};
  const kept = (beside.extension ?? []).filter(each => !isIn(language)(each));
  const made = {url: $('[data-translation]').dataset.translation, extension: [{url: 'lang', valueCode: language}, {url: 'content', valueString: text}]};
  beside.extension = text ? [...kept, made] : kept;
  if (!beside.extension.length) delete beside.extension;
  if (!Object.keys(beside).length) delete owner[`_${name}`];
};

// Words ({en: ..., es: ...}) in the page's language, else in any.
export const spoken = words => words?.[primary(document.documentElement.lang)] ?? Object.values(words ?? {})[0] ?? '';

// What each item of a form asks, by its link id; a form that was brought along may hold anything.
const wordsIn = (items, found = new Map()) => {
  for (const item of Array.isArray(items) ? items : []) {
    if (typeof item?.text === 'string') found.set(item.linkId, item.text);
    wordsIn(item?.item, found);
  }
  return found;
};

const ORDER = ['refused', 'works', 'ignored'];

// Lines of a reading, what is refused first.
export const drawLines = (list, lines, form) => {
  const asked = wordsIn(form?.item);
  const rows = ORDER.flatMap(verdict => lines.filter(line => line.verdict === verdict));
  list.replaceChildren(...rows.map(line => {
    const row = clone(`line-${line.verdict}`);
    fill(row, {...line, asked: asked.get(line.linkId) ?? ''});
    for (const empty of $$('strong:empty', row)) empty.remove();
    return row;
  }));
};
