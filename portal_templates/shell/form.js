// Forms: what is missing or wrong is said above the form and at the field, and nothing typed is lost.
import {$, $$, clone, count, knows, say, show, word} from './dom.js';

const fieldOf = (form, name) => $(`[data-field="${name}"]`, form);

export const clear = form => {
  $('.error-summary', form)?.remove();
  for (const field of $$('.is-wrong', form)) field.classList.remove('is-wrong');
  for (const message of $$('.field-error', form)) show(message, false);
  for (const input of $$('[aria-invalid]', form)) input.removeAttribute('aria-invalid');
};

const mark = (field, detail) => {
  field.classList.add('is-wrong');
  const message = $('.field-error', field);
  message.textContent = detail;
  show(message);
  for (const input of $$('.input', field)) input.setAttribute('aria-invalid', 'true');
};

// Shows what is wrong: [{field, detail}]; a complaint about no field of this form stands in the summary alone.
export const complain = (form, complaints) => {
  clear(form);
  const summary = clone('error-summary');
  for (const {field: name, detail} of complaints) {
    const field = name && fieldOf(form, name), item = document.createElement('li');
    if (field) mark(field, detail);
    if (field) {
      const link = document.createElement('a'), input = $('.input, input', field);
      link.href = `#${input.id}`;
      link.textContent = detail;
      link.addEventListener('click', event => { event.preventDefault(); input.focus(); });
      item.append(link);
    } else item.textContent = detail;
    $('ul', summary).append(item);
  }
  form.prepend(summary);
  summary.focus();
};

// What the browser can tell by itself: required and patterned fields, in the page's own words.
export const check = form => {
  const found = new Map();
  for (const input of $$('.input', form)) {
    if (input.type === 'email') input.value = input.value.trim();
    if (!input.willValidate || (input.validity.valid && (!input.required || input.value.trim()))) continue;
    const field = input.closest('[data-field]').dataset.field;
    if (!found.has(field)) found.set(field, input.value.trim() ? input.dataset.wrong : input.dataset.missing);
  }
  return [...found].map(([field, detail]) => ({field, detail}));
};

const waitOf = seconds => (seconds > 90 ? count('minutes', Math.ceil(seconds / 60)) : count('seconds', Math.max(1, Math.ceil(seconds || 30))));

// What a refusal means in the page's words, else in the API's.
export const reasonOf = problem =>
  knows(problem.type) ? word(problem.type, {wait: waitOf(problem.retryAfter)}) : problem.detail || problem.title || word('try-again');

const ABOUT_THE_CODE = ['wrong-code', 'code-expired'];

// A refusal at its fields, where it names any that this form has.
const refuse = (form, problem) => {
  const wordsOf = ({field, detail}) => {
    const place = field && fieldOf(form, field), input = place ? $(':is(.input, input)', place) : null;
    return {field, detail: input?.dataset.wrong ?? input?.dataset.missing ?? detail};
  };
  const complaints = (problem.errors ?? []).map(wordsOf);
  complain(form, complaints.length ? complaints : [{field: ABOUT_THE_CODE.includes(problem.type) ? 'code' : '', detail: reasonOf(problem)}]);
};

// Runs `work` once at a time for a form, from its submit on; its button shows that something is under way.
export const onSubmit = (form, work) => {
  let busy = false;
  form.addEventListener('submit', async event => {
    event.preventDefault();
    if (busy) return;
    const wrong = check(form);
    if (wrong.length) return complain(form, wrong);
    const button = event.submitter ?? $('button:not([type])', form);
    busy = true;
    clear(form);
    button.setAttribute('aria-disabled', 'true');
    try {
      await work(new FormData(form));
    } catch (problem) {
      if (!problem.type) throw problem;
      refuse(form, problem);
      say(reasonOf(problem));
    } finally {
      busy = false;
      button.removeAttribute('aria-disabled');
    }
  });
};
