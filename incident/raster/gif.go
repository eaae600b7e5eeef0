package raster

import (
	"bytes"
	"errors"
)

// What begins the blocks of a GIF.
const (
	gifExtension = 0x21
	gifFrame     = 0x2c
	gifEnd       = 0x3b
	gifControl   = 0xf9 // how long a frame is shown
	gifProgram   = 0xff // of a program; two of them say how often to repeat
)

// cleanGIF leaves out comments, captions and what programs add, but keeps how the
// frames move.
func cleanGIF(file []byte) ([]byte, bool, error) {
	c := &cut{rest: file}
	c.take(13)
	if c.err == nil {
		c.take(colours(file[10]))
	}
	if c.err != nil {
		return nil, false, c.err
	}
	kept := append([]byte{}, file[:len(file)-len(c.rest)]...)
	frames := 0
	for {
		block := c.rest
		keep := true
		switch c.byte() {
		case gifEnd:
			if frames == 0 {
				c.fail(errors.New("it shows nothing"))
			}
			return append(kept, gifEnd), false, c.err
		case gifExtension:
			label := c.byte()
			body := c.blocks()
			keep = label == gifControl || label == gifProgram && (bytes.HasPrefix(body, []byte("\x0bNETSCAPE2.0")) || bytes.HasPrefix(body, []byte("\x0bANIMEXTS1.0")))
		case gifFrame:
			frames++
			if head := c.take(9); head != nil {
				c.take(colours(head[8]))
			}
			c.take(1)
			c.blocks()
		default:
			c.fail(errors.New("its pieces do not follow each other"))
		}
		if c.err != nil {
			return nil, false, c.err
		}
		if keep {
			kept = append(kept, block[:len(block)-len(c.rest)]...)
		}
	}
}

// colours is how many bytes of a table of colours follow.
func colours(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}
