/** `npm run build`: Node runs the sources as they are, so there is nothing to compile. */
import process from 'node:process'

process.stdout.write('build: nothing to build; Node runs the TypeScript sources directly\n')
