/** A small shop that embeds the window as a brand's page does: one script tag, one call. */

interface DemoFile {
  readonly contentType: string
  readonly text: string
}

const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Alpenglow – a demo shop</title>
<link rel="stylesheet" href="/demo/shop.css">
<script src="/window/loader.js" defer></script>
<script src="/demo/shop.js" defer></script>
</head>
<body>
<header>
  <strong>Alpenglow</strong>
  <nav aria-label="Shop"><a href="/demo/">Tents</a><a href="/demo/">Packs</a><a href="/demo/">Lamps</a></nav>
</header>
<main>
  <section class="hero">
    <h1>Light enough to carry.<br>Warm enough to stay.</h1>
    <p>Gear for three seasons, repaired for life.</p>
    <button type="button" id="ask">Ask us anything</button>
  </section>
  <section class="goods" aria-label="Goods">
    <article><div class="picture dawn"></div><h2>Ridge tent</h2><p>Two people, 1.4 kg</p><b>€ 389</b></article>
    <article><div class="picture moss"></div><h2>Day pack</h2><p>24 litres, waxed cotton</p><b>€ 129</b></article>
    <article><div class="picture dusk"></div><h2>Camp lamp</h2><p>60 hours, charges by sun</p><b>€ 59</b></article>
  </section>
</main>
<footer>A demonstration. Nothing here is for sale.</footer>
</body>
</html>
`

const css = `:root { color-scheme: light dark; font: 16px/24px system-ui, sans-serif; --ink: #1c2326; --soft: #5b666b; --ground: #faf8f5; --line: #e6e1da; }
@media (prefers-color-scheme: dark) { :root { --ink: #eceae6; --soft: #a8afb2; --ground: #15191b; --line: #2b3235; } }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: var(--ground); }
header { display: flex; gap: 32px; align-items: center; padding: 16px max(24px, calc(50% - 520px)); border-bottom: 1px solid var(--line); }
nav { display: flex; gap: 24px; }
a { color: var(--soft); text-decoration: none; }
a:hover { color: var(--ink); text-decoration: underline; }
main { max-width: 1088px; margin: 0 auto; padding: 0 24px; }
.hero { padding: 72px 0 56px; }
h1 { font-size: clamp(32px, 5vw, 52px); line-height: 1.1; letter-spacing: -0.02em; margin: 0 0 16px; }
.hero p { color: var(--soft); font-size: 18px; margin: 0 0 24px; }
button { font: inherit; font-weight: 600; padding: 12px 20px; border: 0; border-radius: 8px; color: #fff; background: #9a4a1f; cursor: pointer; }
.goods { display: grid; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); gap: 24px; }
article h2 { font-size: 18px; margin: 12px 0 0; }
article p { margin: 0; color: var(--soft); }
.picture { aspect-ratio: 4 / 3; border-radius: 12px; }
.dawn { background: linear-gradient(160deg, #f6c79b, #d8764a 60%, #6b3a3a); }
.moss { background: linear-gradient(160deg, #c9d6a8, #7d9a63 60%, #34482f); }
.dusk { background: linear-gradient(160deg, #a9b8dd, #5d6aa5 60%, #262c4d); }
footer { max-width: 1088px; margin: 64px auto 0; padding: 24px; color: var(--soft); border-top: 1px solid var(--line); font-size: 14px; }
`

/** The demo account, or another one given as `?account=`. */
const script = `const query = new URLSearchParams(location.search)
Ringdown('init', {
  account: query.get('account') || '70010001',
  title: 'Alpenglow',
  theme: { accent: '#9a4a1f' },
  ...(query.get('language') && { language: query.get('language') }),
})
document.getElementById('ask').addEventListener('click', () => Ringdown('open'))
`

export const demoFiles: Readonly<Record<string, DemoFile>> = {
  '/demo': { contentType: 'text/html; charset=utf-8', text: html },
  '/demo/shop.css': { contentType: 'text/css; charset=utf-8', text: css },
  '/demo/shop.js': { contentType: 'text/javascript; charset=utf-8', text: script },
}
