package raster

import (
	"encoding/binary"
	"errors"
)

var errEnds = errors.New("it ends in the middle")

// cut takes pieces off a file; the first that is not there ends it.
type cut struct {
	rest []byte
	err  error
}

// take gives the next n bytes, nil when there are not so many.
func (c *cut) take(n int) []byte {
	if c.err != nil || n < 0 || n > len(c.rest) {
		c.fail(errEnds)
		return nil
	}
	piece := c.rest[:n]
	c.rest = c.rest[n:]
	return piece
}

func (c *cut) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// byte is the next one, 0 when there is none.
func (c *cut) byte() byte {
	if piece := c.take(1); piece != nil {
		return piece[0]
	}
	return 0
}

// blocks takes GIF's sub-blocks: each has its length before it, the last has none.
func (c *cut) blocks() []byte {
	from, n := c.rest, 0
	for {
		length := int(c.byte())
		c.take(length)
		if n += 1 + length; c.err != nil {
			return nil
		}
		if length == 0 {
			return from[:n]
		}
	}
}

// big reads an unsigned number of two or four bytes, the most significant first.
func big(piece []byte) int {
	switch len(piece) {
	case 2:
		return int(binary.BigEndian.Uint16(piece))
	case 4:
		return int(binary.BigEndian.Uint32(piece))
	}
	return 0
}
