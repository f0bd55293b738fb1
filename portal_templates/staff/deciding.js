// What is decided of a file and of who pays, and taking all of a visit's files out. Comes once there is something to decide.
import {$, $$, fill, focusOn, knows, say, show, word} from '../shell/dom.js';
import {clear, onSubmit, reasonOf} from '../shell/form.js';
import {onTap, work} from './frame.js';
import {bytesOf, opened} from './viewer.js';

// What the page that brings this lends it: how things stand, and how it goes on.
let goOn, path, refresh, seen, tell;
export const begin = page => { ({goOn, path, refresh, seen, tell} = page); };

const OUTRUN = [409, 412];  // somebody was first
const about = verb => `documents/${encodeURIComponent(seen.file.id)}/${verb}`;

// Shows how things stand now where somebody was first; what was typed stays.
const surely = async send => {
  try {
    return await send();
  } catch (problem) {
    if (OUTRUN.includes(problem.status)) await refresh().catch(() => {});
    throw problem;
  }
};
const decide = (verb, send = {}) => surely(() => work(about(verb), {send, headers: {'If-Match': `"${seen.file.version}"`}}));

const save = (blob, name) => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};

const refused = problem => tell(reasonOf(problem), true);  // told above the picture

onTap($('#accept'), async () => {
  await decide('accept');
  await goOn('accepted');
}, refused);
onTap($('#save'), async () => {
  const link = await opened(seen.file, 0);
  save(await bytesOf(link), link.name);
}, refused);

// One dialog for what wants more than a tap. What was typed for each stays until it is done.
const dialog = $('#asking'), form = $('#ask-form'), reason = $('#reason');
const typed = {};
let asked;
reason.minLength = 10;

const askFor = (button, act, field = 'reason') => {
  const name = button.id;
  asked = {name, act};
  clear(form);
  fill(form, {title: button.textContent.trim(), more: knows(`${name}-more`) ? word(`${name}-more`) : ''});
  show($('#ready'), name === 'return');
  show($('#label'), name === 'relabel');
  reason.closest('.field').dataset.field = field;
  show(reason.closest('.field'), name !== 'relabel');
  reason.disabled = name === 'relabel';
  reason.value = typed[name] ?? '';
  dialog.showModal();
};
onSubmit(form, async answers => {
  const {name, act} = asked;
  await act(answers);
  reason.value = '';
  dialog.close();
  if (name !== 'open-export') focusOn($('#file-title'));
});
dialog.addEventListener('close', () => { typed[asked.name] = reason.value; });
$('#ask-no').addEventListener('click', () => dialog.close());
for (const button of $$('#ready button')) button.addEventListener('click', () => {
  reason.value = `${button.textContent.trim()}.`;
  reason.focus();
});

$('#return').addEventListener('click', event => askFor(event.currentTarget, async answers => {
  await decide('return', {note: answers.get('reason').trim()});
  await goOn('returned');
}, 'note'));

const kindOf = id => seen.told.kinds.find(kind => kind.id === id);
const fillPages = () => {
  const {pages} = kindOf($('#kind').value);
  $('#page').replaceChildren(...Array.from({length: pages}, (_, place) => new Option(place + 1)));
  $('#page').value = Math.min(seen.file.page, pages);
  show($('#page').closest('.field'), pages > 1);
};
$('#kind').addEventListener('change', fillPages);
$('#relabel').addEventListener('click', event => {
  $('#kind').replaceChildren(...seen.told.kinds.map(kind => new Option(kind.name, kind.id)));
  $('#kind').value = (kindOf(seen.file.kind) ?? seen.told.kinds[0]).id;
  fillPages();
  askFor(event.currentTarget, async answers => {
    await decide('relabel', {kind: answers.get('kind'), page: Number(answers.get('page'))});
    await refresh();
  });
});

$('#hold').addEventListener('click', event => {
  const held = !seen.file.held;
  askFor(event.currentTarget, async answers => {
    await decide('hold', {held, reason: answers.get('reason').trim()});
    await refresh();
  });
});

$('#open-export').addEventListener('click', event => askFor(event.currentTarget, async answers => {
  const {links, references} = await work(path('documents/export'), {send: {reason: answers.get('reason').trim()}});
  const [files, {zipped}] = await Promise.all([Promise.all(links.map(bytesOf)), import('./zip.js')]);  // at once: a link lives for a minute
  const all = links.map(({name}, place) => ({name, blob: files[place]}));
  all.push({name: 'references.json', blob: new Blob([JSON.stringify(references, null, 1)])});
  save(await zipped(all), `documents-${seen.visit}.zip`);
  say(word('exported'));
}));

const insurance = $('#insurance-form');
let status;
for (const button of $$('button', insurance)) button.addEventListener('click', () => {
  status = button.value;
  $('#insurer-note').required = status === 'problem';
});
onSubmit(insurance, async answers => {
  const headers = {'If-Match': `"${seen.told.version}"`};
  await surely(() => work(path('insurance'), {send: {status, note: answers.get('note').trim()}, headers}));
  $('#insurer-note').value = '';
  await refresh();
  focusOn($('#insurance-title'));
});
