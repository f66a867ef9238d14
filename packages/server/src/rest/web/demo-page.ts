import { landscape, mark, pictures } from './demo-pictures.ts'

interface Good {
  readonly picture: keyof typeof pictures
  readonly name: string
  readonly about: string
  readonly price: string
}

const goods: readonly Good[] = [
  { picture: 'tent', name: 'Ridge tent', about: 'Two people, 1.4 kg', price: '389' },
  { picture: 'pack', name: 'Day pack', about: '24 litres, waxed cotton', price: '129' },
  { picture: 'lamp', name: 'Camp lamp', about: '60 hours, charges by sun', price: '59' },
  { picture: 'mat', name: 'Wool mat', about: 'Warm down to −5 °C', price: '98' },
  { picture: 'stove', name: 'Pot and stove', about: 'Boils a litre in four minutes', price: '112' },
  { picture: 'mug', name: 'Enamel mug', about: '0.35 litres, chips with dignity', price: '18' },
]

const card = ({ picture, name, about, price }: Good): string => `<li class="good">
<div class="picture of-${picture}">${pictures[picture]}</div>
<div class="words"><h3>${name}</h3><p>${about}</p></div><p class="price">€ ${price}</p></li>`

/** A small shop that embeds the window as a brand's page does: one script tag, one call. */
export const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="A demonstration of the messaging window">
<title>Alpenglow – gear for three seasons</title>
<link rel="icon" href="/demo/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/demo/shop.css">
<script src="/window/loader.js" defer></script>
<script src="/demo/shop.js" defer></script>
</head>
<body>
<header>
<a class="brand" href="#top">${mark}Alpenglow</a>
<nav aria-label="Shop"><a href="#goods">Gear</a><a href="#repairs">Repairs</a><a href="#visit">Visit</a></nav>
</header>
<main id="top">
<section class="hero" aria-labelledby="welcome">
<div class="hero-words">
<p class="over">Autumn at the hut</p>
<h1 id="welcome"><span>Light enough to carry.</span> <span>Warm enough to stay.</span></h1>
<p class="lead">Tents, packs and lamps for three seasons, made in small numbers and repaired for life.</p>
<div class="ways"><button type="button" data-ask>Ask us anything</button><a href="#goods">See the gear</a></div>
</div>
${landscape}
</section>
<section id="goods" aria-labelledby="goods-title">
<div class="heading"><h2 id="goods-title">Made for the second day out</h2><p>Six things. All of them in our own packs.</p></div>
<ul class="goods">
${goods.map(card).join('\n')}
</ul>
</section>
<section id="repairs" class="band" aria-labelledby="repairs-title">
<div><h2 id="repairs-title">Broken is not the end</h2><p>Send us anything that we ever made. We repair it, and tell you before it costs you more than the postage.</p></div>
<ol><li><b>Tell us</b><span>A picture and a sentence will do.</span></li><li><b>Send it</b><span>We pay the way to us.</span></li><li><b>Go out again</b><span>Mostly within ten days.</span></li></ol>
</section>
<section id="visit" class="visit" aria-labelledby="visit-title">
<div><h2 id="visit-title">Not sure what you need?</h2><p>Tell us where you are going. Whoever answers has slept there.</p></div>
<button type="button" data-ask>Write to us</button>
</section>
</main>
<footer><p>${mark}Alpenglow</p><p>A demonstration. Nothing here is for sale.</p></footer>
</body>
</html>
`
