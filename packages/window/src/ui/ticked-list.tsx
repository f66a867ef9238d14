/** A list to tick and to send. */
import { useId, useState } from 'preact/hooks'
import { useSurroundings } from './context.ts'
import type { ElementProps } from './structured.tsx'
import { type Given, listIn, objectIn, textIn } from './structured-style.ts'

const partOf = (element: Given, type: string) =>
  listIn(element['elements']).find((one) => one['type'] === type) ?? {}

const said = (box: Given): string => {
  const action = listIn(objectIn(box['click'])['actions']).find(({ publishText }) => publishText)
  return textIn(action?.['publishText']) || textIn(box['text'])
}

const metadataOf = (element: Given): readonly object[] =>
  listIn(objectIn(element['click'])['metadata'])

export const List = ({ element, onClick }: ElementProps) => {
  const { say } = useSurroundings().speech
  const id = useId()
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  const heading = textIn(partOf(element, 'text')['text'])
  const sections = listIn(partOf(element, 'sectionList')['elements'])
  const submit = partOf(partOf(element, 'buttonList'), 'submitButton')
  const boxes = sections.flatMap((section) => listIn(partOf(section, 'checklist')['elements']))
  const turn = (key: string) =>
    setTicked((before) => {
      const after = new Set(before)
      if (!after.delete(key)) after.add(key)
      return after
    })
  const send = (event: Event) => {
    event.preventDefault()
    const chosen = boxes.filter((box) => ticked.has(String(boxes.indexOf(box))))
    const metadata = [...metadataOf(submit), ...chosen.flatMap(metadataOf)]
    onClick({ text: chosen.map(said).join(', '), ...(metadata.length > 0 && { metadata }) })
  }
  return (
    <form class="vertical card" onSubmit={send} aria-label={heading || say('card')}>
      {heading !== '' && <p dir="auto">{heading}</p>}
      {sections.map((section, number) => (
        <fieldset key={number}>
          <legend dir="auto">{textIn(partOf(section, 'text')['text'])}</legend>
          {listIn(partOf(section, 'checklist')['elements']).map((box) => {
            const key = String(boxes.indexOf(box))
            return (
              <label key={key} class="tick" for={`${id}-${key}`}>
                <input
                  id={`${id}-${key}`}
                  type="checkbox"
                  checked={ticked.has(key)}
                  onChange={() => turn(key)}
                />
                <span dir="auto">{textIn(box['text'])}</span>
              </label>
            )
          })}
        </fieldset>
      ))}
      <button type="submit" class="button" disabled={ticked.size === 0}>
        {textIn(submit['title']) || say('submit')}
      </button>
    </form>
  )
}
