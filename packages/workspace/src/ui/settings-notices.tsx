/** What is told and by which way, quiet hours, and whether all of it works here. [WSP51] */
import { useState } from 'react'
import { trySound } from '../model/alarm.ts'
import {
  type Channel,
  channels,
  type NoticeKind,
  noticeKinds,
  prefer,
  preferences,
} from '../model/preferences.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { reasonOf, useDesk } from './desk-context.tsx'
import { showInBrowser } from './notices.ts'
import { Button } from './parts.tsx'
import { Group, Switch } from './settings-parts.tsx'

const Events = () => {
  const say = useText()
  const { notices } = useValue(preferences)
  const change = (kind: NoticeKind, channel: Channel, isOn: boolean) =>
    prefer({ notices: { ...notices, [kind]: { ...notices[kind], [channel]: isOn } } })
  return (
    <Group title={say('settings.events')}>
      <table className="w-full text-sm">
        <thead>
          <tr className="h-9 text-xs text-dim">
            <td />
            {channels.map((channel) => (
              <th
                key={channel}
                scope="col"
                className="w-20 px-1 text-center font-medium max-mid:w-16"
              >
                {say(`settings.channel.${channel}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {noticeKinds.map((kind) => (
            <tr key={kind} className="h-11">
              <th scope="row" className="text-start font-normal text-base">
                {say(`settings.event.${kind}`)}
              </th>
              {channels.map((channel) => (
                <td key={channel} className="text-center">
                  <input
                    type="checkbox"
                    aria-label={`${say(`settings.event.${kind}`)}: ${say(`settings.channel.${channel}`)}`}
                    className="size-4 align-middle accent-accent"
                    checked={notices[kind][channel]}
                    onChange={(event) => change(kind, channel, event.currentTarget.checked)}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="pt-1 text-xs text-dim">{say('settings.events.hint')}</p>
    </Group>
  )
}

const Quiet = () => {
  const say = useText()
  const { quiet } = useValue(preferences)
  const time = (name: 'from' | 'to') => (
    <label className="flex items-center gap-3 text-sm">
      {say(`settings.quiet.${name}`)}
      <input
        type="time"
        required
        className="field h-8 w-28 px-2 text-sm"
        value={quiet[name]}
        disabled={!quiet.isOn}
        onChange={({ currentTarget: { value } }) => {
          if (value !== '') prefer({ quiet: { ...quiet, [name]: value } })
        }}
      />
    </label>
  )
  return (
    <Group title={say('settings.quiet')}>
      <Switch
        label={say('settings.quiet.on')}
        hint={say('settings.quiet.hint')}
        isOn={quiet.isOn}
        change={(isOn) => prefer({ quiet: { ...quiet, isOn } })}
      />
      <div className="flex flex-wrap gap-x-6 gap-y-2">
        {time('from')}
        {time('to')}
      </div>
    </Group>
  )
}

interface TestProps {
  readonly name: string
  readonly result: string
  readonly act: string
  run(): void
}

const Test = ({ name, result, act, run }: TestProps) => (
  <div className="flex min-h-12 items-center gap-4">
    <div className="min-w-0 flex-1">
      <p>{name}</p>
      <p role="status" className="min-h-4 text-xs text-dim">
        {result}
      </p>
    </div>
    {act !== '' && (
      <Button size={28} aria-label={`${act}: ${name}`} onClick={run}>
        {act}
      </Button>
    )}
  </div>
)

const permissionNow = (): NotificationPermission | 'missing' =>
  typeof Notification === 'undefined' ? 'missing' : Notification.permission

const PermissionTest = () => {
  const say = useText()
  const [permission, setPermission] = useState(permissionNow)
  const [isShown, setShown] = useState(false)
  const acts = { granted: 'settings.test.show', default: 'settings.test.allow' } as const
  const act = permission === 'granted' || permission === 'default' ? acts[permission] : undefined
  const run = () => {
    if (permission === 'default') {
      void Notification.requestPermission().then(setPermission)
      return
    }
    const notice = { kind: 'ring', conversationId: '', consumerId: '' } as const
    showInBrowser(notice, { title: say('notice.test'), text: say('notice.test.text') })
    setShown(true)
  }
  return (
    <Test
      name={say('settings.test.permission')}
      result={isShown ? say('settings.test.shown') : say(`settings.test.${permission}`)}
      act={act ? say(act) : ''}
      run={run}
    />
  )
}

const SoundTest = () => {
  const say = useText()
  const [isHeard, setHeard] = useState<boolean>()
  const results = { true: 'settings.test.played', false: 'settings.test.blocked' } as const
  return (
    <Test
      name={say('settings.test.sound')}
      result={isHeard === undefined ? '' : say(results[`${isHeard}`])}
      act={say('settings.test.play')}
      run={() => void trySound().then(setHeard)}
    />
  )
}

const LinkTest = () => {
  const say = useText()
  const { client, link } = useDesk()
  const { kind } = useValue(link)
  const [result, setResult] = useState('')
  const check = async () => {
    setResult(say('settings.test.waiting'))
    const from = performance.now()
    try {
      await client.request('getClock', {})
      const ms = Math.max(1, Math.round(performance.now() - from))
      setResult(say('settings.test.answered', { ms }))
    } catch (error) {
      setResult(say('settings.test.silent', { reason: reasonOf(error) }))
    }
  }
  return (
    <Test
      name={`${say('settings.test.link')}: ${say(`link.${kind}`)}`}
      result={result}
      act={say('settings.test.check')}
      run={() => void check()}
    />
  )
}

export const NoticeSettings = () => {
  const say = useText()
  return (
    <div className="space-y-5">
      <Events />
      <Quiet />
      <Group title={say('settings.test')}>
        <PermissionTest />
        <SoundTest />
        <LinkTest />
      </Group>
    </div>
  )
}
