// The card of what is chosen: shows the service and the practitioner that the address names.
import {$, $$, show} from '../shell/dom.js';

// The service's row, or null when the clinic does not offer it.
export const showChoice = chosen => {
  const row = $$('[data-service]').find(one => one.dataset.service === chosen.get('service')) ?? null;
  if (row) show(row);
  for (const name of row ? $$('[data-practitioner]', row) : []) show(name, name.dataset.practitioner === (chosen.get('practitioner') ?? ''));
  show($('#choosing'), !row);
  return row;
};
