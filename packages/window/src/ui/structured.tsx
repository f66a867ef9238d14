/**
 * Structured content, drawn from a list of elements that are known. What is unknown, too deep or
 * senseless is left out; nothing of it becomes markup, an attribute of its own, or a style of its own.
 * [WIN20]
 */

import { safeHref, safeImage } from '@ringdown/client/links'
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { Click } from '../model/messenger.ts'
import { useSurroundings } from './context.ts'
import { Icon } from './icons.tsx'
import { type Given, listIn, objectIn, styleOf, textIn } from './structured-style.ts'
import { Text } from './text.tsx'
import { List } from './ticked-list.tsx'

export type OnClick = (click: Click) => void

export interface ElementProps {
  readonly element: Given
  readonly depth: number
  readonly onClick: OnClick
}

const DEEPEST = 16
/** The place on a map, for the browser's own map application or site. */
const MAP = 'https://www.openstreetmap.org/'

const mapHref = (la: unknown, lo: unknown): string | undefined => {
  const [north, east] = [Number(la), Number(lo)]
  if (!Number.isFinite(north) || !Number.isFinite(east)) return undefined
  return `${MAP}?mlat=${north}&mlon=${east}#map=15/${north}/${east}`
}

interface Effect {
  readonly click: Click
  readonly href?: string
}

/** What a click on the element does. */
export const effectOf = (element: Given): Effect | undefined => {
  const click = objectIn(element['click'])
  const actions = listIn(click['actions'])
  const metadata = Array.isArray(click['metadata']) ? { metadata: listIn(click['metadata']) } : {}
  const said = actions.find(({ type }) => type === 'publishText')
  const link = actions.find(({ type }) => type === 'link')
  const place = actions.find(({ type }) => type === 'navigate')
  const web = objectIn(link?.['web'])['uri'] ?? link?.['uri']
  const href = safeHref(web) ?? (place && mapHref(place['la'], place['lo']))
  if (actions.length === 0 && !click['metadata']) return undefined
  const text = textIn(said?.['text'])
  return { click: { ...metadata, ...(text !== '' && { text }) }, ...(href && { href }) }
}

interface TapProps {
  readonly element: Given
  readonly onClick: OnClick
  readonly kind: string
  readonly children: ComponentChildren
}

/** A link where it leads somewhere, a button where it says something, else neither. */
const Tap = ({ element, onClick, kind, children }: TapProps) => {
  const { say } = useSurroundings().speech
  const effect = effectOf(element)
  const style = styleOf(element['style'])
  const title = textIn(element['tooltip']) || undefined
  if (!effect)
    return (
      <div class={kind} style={style} title={title}>
        {children}
      </div>
    )
  const react = () => onClick(effect.click)
  if (effect.href)
    return (
      <a
        class={kind}
        style={style}
        title={title}
        href={effect.href}
        target="_blank"
        rel="noopener noreferrer nofollow"
        onClick={react}
      >
        {children}
        <span class="unseen"> ({say('opensNew')})</span>
      </a>
    )
  return (
    <button type="button" class={kind} style={style} title={title} onClick={react}>
      {children}
    </button>
  )
}

const Button = ({ element, onClick }: ElementProps) => (
  <Tap element={element} onClick={onClick} kind="button">
    <span dir="auto">{textIn(element['title'])}</span>
    {textIn(element['subtitle']) !== '' && (
      <span class="subtitle" dir="auto">
        {textIn(element['subtitle'])}
      </span>
    )}
  </Tap>
)

const Picture = ({ element, onClick }: ElementProps) => {
  const { say } = useSurroundings().speech
  const src = safeImage(element['url'])
  const [isBroken, setBroken] = useState(false)
  const caption = textIn(element['caption'])
  const alt = textIn(element['alt']) || caption || textIn(element['tooltip'])
  return (
    <Tap element={element} onClick={onClick} kind="picture">
      {src && !isBroken ? (
        <img
          src={src}
          alt={alt}
          loading="lazy"
          decoding="async"
          referrerpolicy="no-referrer"
          onError={() => setBroken(true)}
        />
      ) : (
        <span class="no-picture" dir="auto">
          {alt === '' ? say('picture') : alt !== caption && alt}
        </span>
      )}
      {caption !== '' && (
        <span class="caption" dir="auto">
          {caption}
        </span>
      )}
    </Tap>
  )
}

const Place = ({ element, onClick }: ElementProps) => {
  const { say } = useSurroundings().speech
  const href = mapHref(element['la'], element['lo'])
  const target = {
    ...element,
    click: element['click'] ?? { actions: [{ type: 'link', uri: href }] },
  }
  return (
    <Tap element={target} onClick={onClick} kind="button">
      <Icon name="out" size={16} /> {say('map')}
    </Tap>
  )
}

const Preview = ({ element, onClick }: ElementProps) => {
  const target = {
    ...element,
    click: element['click'] ?? { actions: [{ type: 'link', uri: element['url'] }] },
  }
  return (
    <Tap element={target} onClick={onClick} kind="button">
      <Icon name="out" size={16} /> {textIn(element['title']) || textIn(element['url'])}
    </Tap>
  )
}

const Pairs = ({ element }: ElementProps) => (
  <dl class="pairs">
    {listIn(element['elements']).map((pair, at) => (
      <div key={at}>
        <dt dir="auto">{textIn(pair['key'])}</dt>
        <dd dir="auto">{textIn(pair['value'])}</dd>
      </div>
    ))}
  </dl>
)

const Template = ({ element, onClick }: ElementProps) => {
  const answers = Array.isArray(element['resp']) ? element['resp'].map(textIn) : []
  return (
    <div class="vertical">
      <p dir="auto">{textIn(element['title'])}</p>
      {answers.map((text) => (
        <button key={text} type="button" class="button" onClick={() => onClick({ text })}>
          <span dir="auto">{text}</span>
        </button>
      ))}
    </div>
  )
}

const Words = ({ element, onClick }: ElementProps) => (
  <Tap element={element} onClick={onClick} kind="words">
    <span dir="auto">
      <Text text={textIn(element['text'])} />
    </span>
  </Tap>
)

const Inside = ({ element, depth, onClick }: ElementProps) => (
  <>
    {listIn(element['elements']).map((one, at) => (
      <Element key={at} element={one} depth={depth + 1} onClick={onClick} />
    ))}
  </>
)

const Stack = (props: ElementProps) => (
  <div class={`${textIn(props.element['type']) === 'horizontal' ? 'horizontal' : 'vertical'} card`}>
    <Inside {...props} />
  </div>
)

/** Cards side by side; the scrolling box takes the keyboard. */
const Carousel = ({ element, depth, onClick }: ElementProps) => {
  const { say } = useSurroundings().speech
  const cards = listIn(element['elements'])
  return (
    <section class="carousel" aria-label={textIn(element['alt']) || say('card')} tabIndex={0}>
      {cards.map((one, at) => (
        <div
          class="slide"
          key={at}
          role="group"
          aria-label={say('slide', { number: at + 1, count: cards.length })}
        >
          <Element element={one} depth={depth + 1} onClick={onClick} />
        </div>
      ))}
    </section>
  )
}

const titleOf = (element: Given, at: number): string => {
  const titles = Array.isArray(element['titles']) ? element['titles'] : []
  const title: unknown = titles[at]
  const one = listIn(element['elements'])[at]
  const own = textIn(title) || textIn(objectIn(title)['title']) || textIn(objectIn(title)['text'])
  return own || textIn(one?.['tag']) || String(at + 1)
}

const Accordion = ({ element, depth, onClick }: ElementProps) => (
  <div class="vertical card">
    {listIn(element['elements']).map((one, at) => (
      <details key={at} open={at === 0}>
        <summary dir="auto">{titleOf(element, at)}</summary>
        <Element element={one} depth={depth + 1} onClick={onClick} />
      </details>
    ))}
  </div>
)

const known: Readonly<Record<string, (props: ElementProps) => preact.JSX.Element>> = {
  text: Words,
  button: Button,
  image: Picture,
  map: Place,
  linkPreview: Preview,
  template: Template,
  keyValuePairList: Pairs,
  vertical: Stack,
  horizontal: Stack,
  carousel: Carousel,
  carouselSelect: Carousel,
  accordionSelect: Accordion,
  tabs: Accordion,
  list: List,
}

export const Element = (props: ElementProps) => {
  const type = textIn(props.element['type'])
  const Known = Object.hasOwn(known, type) ? known[type] : undefined
  if (!Known || props.depth > DEEPEST) return null
  return <Known {...props} />
}

/** What a message of structured content shows. */
export const Structured = ({ content, onClick }: { content: unknown; onClick: OnClick }) => {
  const { say } = useSurroundings().speech
  const element = objectIn(content)
  if (!Object.hasOwn(known, textIn(element['type'])))
    return <p class="unknown">{say('unknownContent')}</p>
  return (
    <div class="structured">
      <Element element={element} depth={0} onClick={onClick} />
    </div>
  )
}
