/** Structured content as the consumer sees it, but without effect here. [WSP11] */
import { useText } from '../text/language.ts'

interface Element {
  readonly type?: unknown
  readonly elements?: unknown
  readonly text?: unknown
  readonly title?: unknown
  readonly subtitle?: unknown
  readonly url?: unknown
  readonly caption?: unknown
  readonly alt?: unknown
  readonly style?: { readonly bold?: unknown; readonly italic?: unknown; readonly size?: unknown }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const isElement = (value: unknown): value is Element => typeof value === 'object' && value !== null

const elementsOf = ({ elements }: Element): readonly Element[] =>
  Array.isArray(elements) ? elements.filter(isElement) : []

/** Deeper than anybody means it; a browser would run out of stack long after. */
const DEEPEST = 16

/** Of a list of words alone: what content names is nobody's property. */
const oneOf = (words: Readonly<Record<string, string>>, name: unknown): string | undefined =>
  typeof name === 'string' && Object.hasOwn(words, name) ? words[name] : undefined

/** Pictures of other places are named, not fetched: the policy of the page would refuse them. */
const Picture = ({ element }: { element: Element }) => (
  <span className="flex h-24 items-center justify-center rounded-lg bg-hover px-3 text-center text-xs text-dim">
    {textOf(element.caption) || textOf(element.alt) || textOf(element.url)}
  </span>
)

const FakeButton = ({ title, subtitle }: { title: string; subtitle: string }) => {
  const say = useText()
  return (
    <span className="flex min-h-8 flex-col items-center justify-center rounded-lg border border-line bg-raised px-3 py-1 text-center text-sm font-medium text-accent-ink">
      <span className="sr-only">{say('rich.button')}: </span>
      {title}
      {subtitle !== '' && <span className="text-xs font-normal text-dim">{subtitle}</span>}
    </span>
  )
}

const sizes: Readonly<Record<string, string>> = { small: 'text-sm', large: 'text-lg' }

const Text = ({ element }: { element: Element }) => {
  const { style } = element
  const size = oneOf(sizes, style?.size) ?? ''
  return (
    <p
      dir="auto"
      className={`break-words whitespace-pre-wrap ${size} ${style?.bold === true ? 'font-semibold' : ''} ${style?.italic === true ? 'italic' : ''}`}
    >
      {textOf(element.text)}
    </p>
  )
}

const layouts: Readonly<Record<string, string>> = {
  vertical: 'flex flex-col gap-2',
  horizontal: 'flex flex-row gap-2 *:min-w-0 *:flex-1',
  carousel: 'flex flex-row gap-3 overflow-x-auto pb-1 *:w-56 *:shrink-0',
  list: 'flex flex-col gap-2',
}

const Part = ({ element, depth = 0 }: { element: Element; depth?: number }) => {
  const say = useText()
  const type = textOf(element.type)
  const layout = oneOf(layouts, type)
  if (depth > DEEPEST) return null
  if (layout !== undefined)
    return (
      <div className={layout}>
        {elementsOf(element).map((inner, index) => (
          <Part key={index} element={inner} depth={depth + 1} />
        ))}
      </div>
    )
  if (type === 'text') return <Text element={element} />
  if (type === 'button')
    return <FakeButton title={textOf(element.title)} subtitle={textOf(element.subtitle)} />
  if (type === 'image') return <Picture element={element} />
  const words = textOf(element.title) || textOf(element.text)
  return <p className="text-sm text-dim">{words || say('rich.unsupported')}</p>
}

export const RichContent = ({ content }: { content: unknown }) => (
  <div className="min-w-48 space-y-2">
    <Part element={isElement(content) ? content : {}} />
  </div>
)

/** What the consumer may choose from below a message. */
export const Replies = ({ replies }: { replies: unknown }) => {
  const say = useText()
  const choices = (replies as { readonly replies?: unknown } | undefined)?.replies
  if (!Array.isArray(choices) || choices.length === 0) return null
  return (
    <ul aria-label={say('rich.quickReplies')} className="flex flex-wrap gap-2 py-1">
      {choices.filter(isElement).map((choice, index) => (
        <li
          key={index}
          className="rounded-full border border-line px-3 py-1 text-sm text-accent-ink"
        >
          {textOf(choice.title)}
        </li>
      ))}
    </ul>
  )
}
