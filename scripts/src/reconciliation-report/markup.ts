const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** HTML that may stand in a page as it is. */
export class Markup {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }
}

type Part = string | number | Markup | readonly Markup[];

/**
 * HTML from a template: text between the parts stands as it is written here; whatever is put in is escaped, unless it is
 * markup itself.
 */
export function markup(written: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(
    written.reduce((html, text, index) => html + (index === 0 ? '' : htmlOf(parts[index - 1])) + text, ''),
  );
}

function htmlOf(part: Part | undefined): string {
  if (part === undefined) return '';
  if (part instanceof Markup) return part.html;
  if (typeof part === 'object') return part.map(({ html }) => html).join('');
  return String(part).replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? '');
}
