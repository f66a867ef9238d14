/** What the brand wants to know before a conversation begins. [WIN26] */
import { useId, useState } from 'preact/hooks'
import type { PreChatField } from '../options.ts'
import { useSurroundings } from './context.ts'

interface FieldProps {
  readonly field: PreChatField
  readonly value: string
  readonly isMissing: boolean
  onChange(value: string): void
}

const Field = ({ field, value, isMissing, onChange }: FieldProps) => {
  const { say } = useSurroundings().speech
  const id = useId()
  const about = {
    id,
    required: field.isRequired,
    'aria-invalid': isMissing,
    'aria-describedby': isMissing ? `${id}-problem` : undefined,
  }
  const read = (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value)
  const inputs = {
    textarea: () => <textarea {...about} rows={3} value={value} maxLength={1000} onInput={read} />,
    select: () => (
      <select {...about} value={value} onChange={read}>
        <option value="">{say('choose')}</option>
        {field.options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    ),
    checkbox: () => (
      <input
        {...about}
        type="checkbox"
        checked={value !== ''}
        onChange={({ currentTarget }) => onChange(currentTarget.checked ? say('yes') : '')}
      />
    ),
  }
  const input =
    field.type in inputs ? (
      inputs[field.type as keyof typeof inputs]()
    ) : (
      <input
        {...about}
        {...({ type: field.type } as object)}
        value={value}
        maxLength={200}
        onInput={read}
      />
    )
  return (
    <div class={field.type === 'checkbox' ? 'field checkbox' : 'field'}>
      <label for={id}>
        {field.label}
        {field.isRequired && <span aria-hidden="true"> *</span>}
      </label>
      {input}
      {isMissing && (
        <p class="problem" id={`${id}-problem`}>
          {say('required')}
        </p>
      )}
    </div>
  )
}

const toProfile: ReadonlySet<string> = new Set(['firstName', 'lastName', 'email', 'phone'])

export const PreChat = ({ onDone }: { onDone(firstText: string | undefined): void }) => {
  const { messenger, options, speech } = useSurroundings()
  const [values, setValues] = useState<Readonly<Record<string, string>>>({})
  const [isChecked, setChecked] = useState(false)
  const enteredIn = ({ name }: PreChatField) => (values[name] ?? '').trim()
  const isMissing = (field: PreChatField) => field.isRequired && enteredIn(field) === ''
  const submit = (event: Event) => {
    event.preventDefault()
    setChecked(true)
    if (options.preChat.some(isMissing)) return
    const given = options.preChat.filter((field) => enteredIn(field) !== '')
    const known = given.filter(({ name }) => toProfile.has(name))
    if (known.length > 0)
      messenger.introduce(Object.fromEntries(known.map((field) => [field.name, enteredIn(field)])))
    const told = given.filter(({ name }) => !toProfile.has(name))
    onDone(told.map((field) => `${field.label}: ${enteredIn(field)}`).join('\n') || undefined)
  }
  return (
    <form class="pre-chat" noValidate onSubmit={submit}>
      <h2>{speech.say('preChatTitle')}</h2>
      {options.preChat.map((field) => (
        <Field
          key={field.name}
          field={field}
          value={values[field.name] ?? ''}
          isMissing={isChecked && isMissing(field)}
          onChange={(value) => setValues({ ...values, [field.name]: value })}
        />
      ))}
      <button type="submit" class="main">
        {speech.say('preChatSend')}
      </button>
    </form>
  )
}
