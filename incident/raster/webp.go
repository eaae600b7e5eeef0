package raster

import (
	"encoding/binary"
	"errors"
)

// webpKept are the chunks that make the picture.
var webpKept = map[string]bool{"VP8X": true, "VP8 ": true, "VP8L": true, "ALPH": true, "ANIM": true, "ANMF": true}

// webpSaid are the flags of VP8X that promise a colour profile, Exif and XMP.
const webpSaid = 0x20 | 0x08 | 0x04

func cleanWebP(file []byte) ([]byte, bool, error) {
	c := &cut{rest: file}
	head := c.take(12)
	if int64(binary.LittleEndian.Uint32(head[4:])) > int64(len(c.rest)+4) {
		return nil, false, errEnds
	}
	c.rest = c.rest[:max(0, int(binary.LittleEndian.Uint32(head[4:]))-4)]
	kept := append([]byte{}, head...)
	for len(c.rest) > 0 {
		chunk := c.rest
		name := string(c.take(4))
		size := c.take(4)
		if c.err != nil {
			return nil, false, c.err
		}
		length := int(binary.LittleEndian.Uint32(size))
		c.take(length)
		if length%2 == 1 && len(c.rest) > 0 {
			c.take(1)
		}
		if c.err != nil {
			return nil, false, c.err
		}
		if !webpKept[name] {
			continue
		}
		kept = append(kept, chunk[:8+length]...)
		if name == "VP8X" && length > 0 {
			kept[len(kept)-length] &^= webpSaid
		}
		if length%2 == 1 {
			kept = append(kept, 0)
		}
	}
	binary.LittleEndian.PutUint32(kept[4:], uint32(len(kept)-8)) //nolint:gosec // no longer than the file
	return kept, false, nil
}

// sizeWebP reads the size from the first chunk, which says it in each of the three forms.
func sizeWebP(file []byte) (int, int, error) {
	c := &cut{rest: file}
	c.take(12)
	name := string(c.take(4))
	c.take(4)
	body := c.take(10)
	if c.err != nil {
		return 0, 0, c.err
	}
	switch {
	case name == "VP8X":
		return 1 + little24(body[4:]), 1 + little24(body[7:]), nil
	case name == "VP8L" && body[0] == 0x2f:
		bits := binary.LittleEndian.Uint32(body[1:])
		return 1 + int(bits&0x3fff), 1 + int(bits>>14&0x3fff), nil
	case name == "VP8 " && body[3] == 0x9d && body[4] == 0x01 && body[5] == 0x2a:
		return int(binary.LittleEndian.Uint16(body[6:]) & 0x3fff), int(binary.LittleEndian.Uint16(body[8:]) & 0x3fff), nil
	}
	return 0, 0, errors.New("it shows nothing")
}

func little24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }
