/** Texts in several languages, as the account's configuration keeps them. */
import type { Command } from 'commander'

export interface TextOptions {
  readonly text?: string
  readonly title?: string
  readonly language?: string
}

export interface TextInLanguage {
  readonly msg: string
  readonly lang: string
  readonly title?: string
  readonly isDefault?: boolean
}

const DEFAULT_LANGUAGE = 'en-US'

export const addTextOptions = (command: Command): Command =>
  command.option('--language <tag>', `Language of the text (default: ${DEFAULT_LANGUAGE}).`)

export const newText = (msg: string, { language, title }: TextOptions): TextInLanguage => ({
  msg,
  lang: language ?? DEFAULT_LANGUAGE,
  ...(title !== undefined && { title }),
})

/** The texts with this one in its language; the first language stays the default. */
export const withText = (
  texts: readonly TextInLanguage[],
  options: TextOptions,
): readonly TextInLanguage[] | undefined => {
  const { text, title, language = DEFAULT_LANGUAGE } = options
  if (text === undefined && title === undefined) return undefined
  const known = texts.find(({ lang }) => lang === language)
  const changed = {
    isDefault: texts.length === 0,
    ...known,
    lang: language,
    msg: text ?? known?.msg ?? '',
    ...(title !== undefined && { title }),
  }
  return known ? texts.map((one) => (one === known ? changed : one)) : [...texts, changed]
}
