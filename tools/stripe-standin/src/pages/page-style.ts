/** The look of the hosted pages: two columns on wide screens, one on narrow ones, light and dark. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1a1f36; --muted: #697386; --line: #e3e8ee; --paper: #fff; --side: #f6f8fa;
  --accent: #3b5bdb; --accent-ink: #fff; --bad: #c92a2a; --bad-paper: #fff0f0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9ecf5; --muted: #9aa4b8; --line: #2c3347; --paper: #161a26;
  --side: #10131c; --accent: #748ffc; --accent-ink: #0b0e18; --bad: #ff8787; --bad-paper: #2b1720; } }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: var(--ink); background: var(--paper); }
.checkout { min-height: 100vh; display: grid; grid-template-columns: 1fr 1fr; }
.summary { background: var(--side); padding: 48px clamp(24px, 7vw, 96px); }
.pay { padding: 48px clamp(24px, 7vw, 96px); }
.summary > *, .pay > * { max-width: 440px; margin-left: auto; }
.pay > * { margin-left: 0; margin-right: auto; }
.summary header { display: flex; align-items: center; gap: 12px; margin-bottom: 32px; }
.shop { font-weight: 600; }
.badge { font-size: 11px; font-weight: 700; letter-spacing: .04em; color: #7a4b00; background: #ffe3a3; border-radius: 4px; padding: 2px 6px; }
.back { border: 0; background: none; font-size: 20px; color: var(--muted); cursor: pointer; padding: 0 4px; }
.muted { color: var(--muted); }
p.muted { margin: 0; }
.due { font-size: 36px; font-weight: 650; margin: 0 0 24px; letter-spacing: -.02em; }
.lines { list-style: none; padding: 0; margin: 0 auto 16px; }
.summary .lines { margin-right: 0; }
.lines li { display: flex; gap: 14px; padding: 10px 0; align-items: flex-start; }
.lines .what { flex: 1; display: grid; }
.lines .what .muted { font-size: 13px; }
.thumb { width: 44px; height: 44px; border-radius: 8px; background: var(--line); object-fit: cover; flex: none; }
.row { display: flex; justify-content: space-between; padding: 8px 0; border-top: 1px solid var(--line); }
.row.total { font-weight: 650; }
h1 { font-size: 24px; }
h2, legend { font-size: 15px; font-weight: 650; margin: 24px 0 8px; padding: 0; }
h2:first-child { margin-top: 0; }
label { display: block; margin: 0 0 12px; font-size: 13px; color: var(--muted); }
input:not([type=radio]) { display: block; width: 100%; margin-top: 4px; padding: 10px 12px; font: inherit; color: var(--ink);
  background: var(--paper); border: 1px solid var(--line); border-radius: 8px; }
input:focus-visible, button:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
fieldset { border: 0; padding: 0; margin: 0; }
.methods { border: 1px solid var(--line); border-radius: 10px; overflow: hidden; margin-bottom: 20px; }
.choice { display: flex; gap: 10px; align-items: center; margin: 0; padding: 12px 14px; color: var(--ink); font-size: 15px; cursor: pointer; }
.choice span:nth-of-type(2) { margin-left: auto; }
.choice.small { padding: 6px 0; font-size: 13px; }
.methods > .choice { border-top: 1px solid var(--line); }
.methods > .choice:first-child { border-top: 0; }
.panel { display: none; padding: 4px 14px 12px; }
.methods > .choice:has(input:checked) + .panel { display: block; }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 12px; }
details { font-size: 13px; color: var(--muted); }
.hints { padding-left: 18px; margin: 8px 0 0; }
.hints code { white-space: nowrap; color: var(--ink); }
.primary, .secondary { display: block; width: 100%; text-align: center; text-decoration: none; font: inherit; font-weight: 600;
  padding: 12px; border-radius: 8px; border: 1px solid transparent; cursor: pointer; margin-bottom: 10px; }
.primary { background: var(--accent); color: var(--accent-ink); }
.primary:hover { filter: brightness(1.08); }
.secondary { background: none; border-color: var(--line); color: var(--ink); }
.error { background: var(--bad-paper); color: var(--bad); border-radius: 8px; padding: 12px 14px; margin: 0 0 20px; }
.fine { font-size: 12px; color: var(--muted); }
.message { max-width: 440px; margin: 12vh auto; padding: 0 24px; text-align: center; }
@media (max-width: 800px) { .checkout { grid-template-columns: 1fr; } .summary, .pay { padding: 24px; } .summary > * { margin-left: 0; } }
`;
