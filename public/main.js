import { carrying } from './carry.js'
import { copying } from './copy.js'
import { countdowns } from './countdown.js'
import { finding } from './find.js'
import { localTimes } from './local-time.js'
import { once } from './once.js'
import { secrets } from './secrets.js'
import { waits } from './wait.js'

localTimes()
countdowns()
waits()
copying()
secrets()
finding()
once()
carrying()
