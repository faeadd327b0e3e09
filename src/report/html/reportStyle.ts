/**
 * The style of the page: light, dark where the reader's system is, one column down to 320 pixels, and for paper, on
 * which everything folded is printed but the numbers behind a picture that nobody opened.
 */
export const REPORT_STYLE = [
  ':root{color-scheme:light dark;--ink:#1b1f24;--quiet:#5b6470;--ground:#fff;--line:#d5d9de;--box:#f5f6f8;--link:#0b5394;--good:#0b6b46;--care:#8a4b00;--bad:#a61b1b}',
  '@media (prefers-color-scheme:dark){:root{--ink:#e8eaed;--quiet:#aab2bd;--ground:#14171b;--line:#3a4048;--box:#1d2126;--link:#8cc4ff;--good:#5fd3a4;--care:#f2b65a;--bad:#ff9b9b}}',
  '*{box-sizing:border-box}',
  'html{-webkit-text-size-adjust:100%}',
  'body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;overflow-wrap:anywhere}',
  'main{max-width:820px;margin:0 auto;padding:16px 15px 48px}',
  'h1{font-size:1.7rem;line-height:1.2;margin:.4em 0 .3em}h2{font-size:1.25rem;margin:2em 0 .5em;padding-top:.4em;border-top:1px solid var(--line)}h3{font-size:1.05rem;margin:1.4em 0 .4em}',
  'p{margin:.5em 0}ul{margin:.5em 0;padding-left:1.3em}li{margin:.35em 0}',
  'a{color:var(--link)}a.word{color:inherit;text-decoration:underline dotted}',
  'code,pre{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.88em}pre{white-space:pre-wrap;background:var(--box);padding:10px;margin:.5em 0}',
  '.quiet,caption,.words{color:var(--quiet)}.words{display:block;font-size:.88em;font-weight:400;max-width:34em}',
  '.facts{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:2px 18px;color:var(--quiet);font-size:.92em}.facts li{margin:0}',
  '.verdict{border:2px solid;border-left-width:10px;padding:8px 14px;margin:1em 0;background:var(--box)}.verdict.trusted{border-color:var(--good)}.verdict.care{border-color:var(--care)}.verdict.no{border-color:var(--bad)}.verdict p:first-child strong{font-size:1.15em}.trusted p:first-child strong{color:var(--good)}.care p:first-child strong{color:var(--care)}.no p:first-child strong{color:var(--bad)}',
  'figure{margin:1.2em 0}svg{display:block;max-width:none}.scroll{overflow-x:auto;max-width:100%}.narrow{display:none}',
  '.scroll:focus-visible,a:focus-visible,summary:focus-visible{outline:3px solid var(--link);outline-offset:2px}',
  'table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:.4em 0;font-size:.92rem}caption{text-align:left;font-size:.88em;padding:2px 0}th,td{padding:4px 10px 4px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);overflow-wrap:normal}th[scope=row]{font-weight:500;overflow-wrap:anywhere;min-width:8em;max-width:26em}thead th{font-weight:600;color:var(--quiet)}.n{text-align:right;white-space:nowrap}',
  'details{margin:.6em 0}summary{cursor:pointer;color:var(--link);padding:8px 0;min-height:24px}details>details{margin-left:12px}',
  'math{font-size:1.05em}.math p{margin:.35em 0}',
  'nav ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:2px 16px;font-size:.92em}nav li{margin:0}nav a{display:inline-block;padding:4px 0}',
  'dfn{font-weight:600;font-style:normal}li:has(>dfn:target){background:var(--box)}',
  '@media (max-width:560px){.wide{display:none}.narrow{display:block}h1{font-size:1.4rem}ul{padding-left:1.1em}.verdict{padding:6px 10px;border-left-width:6px}}',
  '@media (max-width:560px){.stacked thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.stacked,.stacked tbody,.stacked caption{display:block}.stacked tr{display:flex;flex-wrap:wrap;gap:0 18px;border-bottom:1px solid var(--line);padding:4px 0}.stacked th,.stacked td{border:0;padding:1px 0;text-align:left}.stacked th[scope=row]{flex:1 0 100%;max-width:none}.stacked td::before{content:attr(data-title) " ";color:var(--quiet)}}',
  '@media print{@page{margin:16mm 14mm}:root{--ink:#000;--quiet:#444;--ground:#fff;--line:#bbb;--box:#fff;--link:#000}body{font-size:10.5pt}main{max-width:none;padding:0}nav{display:none}figure,.verdict,tr{break-inside:avoid}h2,h3,summary{break-after:avoid}.scroll{overflow:visible}.wide{display:block}.narrow{display:none}svg{max-width:100%;height:auto}details:not([open])>:not(summary){display:block}details.numbers:not([open]){display:none}details::details-content{content-visibility:visible;height:auto}summary{list-style:none}}',
].join('\n');
