/** The look of a report: light or dark as the reader's system is, and on paper without colours to be paid for. */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #16202b; --quiet: #55616e; --line: #d8dee5; --band: #f3f6f9;
  --good: #0b6b3a; --good-band: #e4f5eb; --warn: #7a4b00; --warn-band: #fff1d6; --bad: #a3160f; --bad-band: #fde7e5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #10161d; --ink: #e8edf2; --quiet: #a3b0bd; --line: #2c3742; --band: #18212b;
    --good: #7fdca6; --good-band: #12321f; --warn: #ffcf7a; --warn-band: #3a2a08; --bad: #ffaaa3; --bad-band: #451613;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
main { max-width: 76rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 0.25rem; }
p { margin: 0.25rem 0; }
.quiet { color: var(--quiet); }
.note { color: var(--quiet); font-size: 0.9rem; max-width: 60rem; }
.verdict {
  margin: 1.25rem 0; padding: 0.9rem 1.1rem; border-radius: 0.5rem; border-left: 0.4rem solid;
  font-size: 1.1rem; font-weight: 600;
}
.agrees { color: var(--good); } .verdict.agrees { background: var(--good-band); border-color: var(--good); }
.waits { color: var(--warn); } .verdict.waits { background: var(--warn-band); border-color: var(--warn); }
.differs { color: var(--bad); } .verdict.differs { background: var(--bad-band); border-color: var(--bad); }
.verdict.nothing { background: var(--band); border-color: var(--line); }
.figures {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 0.75rem; margin: 0; padding: 0;
}
.figures div { background: var(--band); border-radius: 0.5rem; padding: 0.7rem 0.9rem; }
.figures dt { color: var(--quiet); font-size: 0.85rem; }
.figures dd { margin: 0; font-size: 1.5rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: 0.92rem; margin-top: 0.5rem; }
th, td { padding: 0.4rem 0.6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { color: var(--quiet); font-weight: 600; border-bottom-width: 2px; white-space: nowrap; }
thead tr.sides th { border-bottom-width: 1px; text-align: center; }
tbody th { font-weight: 600; white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.begins { border-left: 1px solid var(--line); }
tr.off { background: var(--bad-band); }
code { font: 0.9em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
@page { size: A4 landscape; margin: 14mm; }
@media print {
  :root {
    color-scheme: light;
    --paper: #fff; --ink: #000; --quiet: #444; --line: #999; --band: #fff;
    --good: #000; --good-band: #fff; --warn: #000; --warn-band: #fff; --bad: #000; --bad-band: #eee;
  }
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  .figures div { border: 1px solid var(--line); }
  .verdict { border: 1px solid var(--line); border-left-width: 0.4rem; }
  .scroll { overflow: visible; }
  h2 { break-after: avoid; }
  thead { display: table-header-group; }
  tr, .figures div { break-inside: avoid; }
}
`;
