import { describe, expect, it } from 'vitest'
import { splitJqArguments } from '../shell/jq-arguments.mjs'
import { splitArguments } from '../shell/wscat-arguments.mjs'
import { assignments } from '../src/common-options.ts'
import { columns, properties } from '../src/output.ts'
import { parseEnvFile, variableOf } from '../src/shell/env-file.ts'
import { chooseShell } from '../src/shell/start-shell.ts'

describe('env files', () => {
  it('[OPS61] are read as docker reads them', () => {
    const text = [
      '# remark',
      '* another',
      '',
      '  INDENTED=1',
      'QUOTED="as it is"',
      'SPACES= kept  ',
      'EQUALS=a=b',
      'EMPTY=',
      'TAKEN',
      'ABSENT',
    ].join('\r\n')
    expect(parseEnvFile(text, { TAKEN: 'from around' })).toEqual({
      INDENTED: '1',
      QUOTED: '"as it is"',
      SPACES: ' kept  ',
      EQUALS: 'a=b',
      EMPTY: '',
      TAKEN: 'from around',
      ABSENT: undefined,
    })
  })

  it('[OPS61] a remark behind the account id is no part of it', () => {
    const text = 'LP_ACCOUNT=70010001\tput your account id here\n\nLP_JWT=a.b.c'
    expect(parseEnvFile(text, {})).toEqual({ LP_ACCOUNT: '70010001', LP_JWT: 'a.b.c' })
  })

  it.each(['=value', 'A NAME=value', 'two words'])('[OPS61] refuses %s', (item) => {
    expect(() => variableOf(item, {})).toThrow(/without white space/)
  })
})

describe('wscat’s arguments', () => {
  it.each([
    [['-k', '60', '-c', 'wss://h'], 60, ['-c', 'wss://h']],
    [['-c', 'wss://h', '-k60'], 60, ['-c', 'wss://h']],
    [['--keepalive=0.5', '-x', '-k'], 0.5, ['-x', '-k']],
    [['-H', '-k', '-c', 'wss://h'], undefined, ['-H', '-k', '-c', 'wss://h']],
    [['-c', 'wss://h', '--', '-k', '1'], undefined, ['-c', 'wss://h', '--', '-k', '1']],
    [['-nP'], undefined, ['-nP']],
  ])('[OPS62] %j', (args, seconds, rest) => {
    expect(splitArguments(args)).toEqual({ keepAliveSeconds: seconds, rest })
  })

  it.each([[['-k']], [['-k', 'soon']], [['-k', '0']], [['-k', '-1']]])(
    '[OPS62] refuses %j',
    (args) => {
      expect(() => splitArguments(args)).toThrow(/number of seconds/)
    },
  )
})

describe('the packaged jq’s arguments', () => {
  it('[OPS63] are flags with their values, a filter, files', () => {
    expect(splitJqArguments(['-r', '--arg', 'a', 'b', '.jwt', 'file.json'])).toEqual({
      flags: ['-r', '--arg', 'a', 'b'],
      filter: '.jwt',
      files: ['file.json'],
    })
    expect(splitJqArguments([])).toEqual({ flags: [], filter: '.', files: [] })
  })
})

describe('the choice of a shell', () => {
  it('[OPS61] takes the person’s own where it speaks the tutorials’ syntax', () => {
    expect(chooseShell({ SHELL: '/usr/bin/zsh' })).toEqual({ program: '/usr/bin/zsh', kind: 'zsh' })
    expect(chooseShell({ SHELL: '/bin/dash' }).kind).toBe('sh')
    expect(chooseShell({ SHELL: '/usr/bin/fish', PATH: '' })).toEqual({
      program: '/bin/sh',
      kind: 'sh',
    })
  })
})

describe('output', () => {
  it('[OPS5] is aligned for people', () => {
    expect(columns([{ id: '1', roles: ['a', 'b'] }], ['id', 'roles', 'gone'])).toBe(
      'id  roles  gone\n1   a,b',
    )
    expect(properties({ a: 1, b: { c: 'd' } })).toBe('a: 1\nb.c: d')
  })

  it('[OPS5] settings are given as NAME=VALUE', () => {
    expect(assignments(['ttr.urgent=5', 'ttr.normal=6', 'on=true', 'word=x=y'])).toEqual({
      ttr: { urgent: 5, normal: 6 },
      on: true,
      word: 'x=y',
    })
    expect(() => assignments(['word'])).toThrow(/NAME=VALUE/)
  })
})
