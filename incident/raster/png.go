package raster

import (
	"errors"
	"fmt"
	"hash/crc32"
)

const pngHead = "\x89PNG\r\n\x1a\n"

// pngKept are the chunks that make the picture. Colour profiles go: they are
// packed, and name the screen they came from.
var pngKept = map[string]bool{
	"IHDR": true, "PLTE": true, "IDAT": true, "IEND": true, "tRNS": true,
	"gAMA": true, "cHRM": true, "sRGB": true, "cICP": true, "sBIT": true, "bKGD": true, "pHYs": true,
}

func cleanPNG(file []byte) ([]byte, bool, error) {
	c := &cut{rest: file}
	kept := append([]byte{}, c.take(len(pngHead))...)
	for {
		chunk := c.rest
		length := big(c.take(4))
		head := c.take(4)
		c.take(length)
		sum := c.take(4)
		if c.err != nil {
			return nil, false, c.err
		}
		name := string(head)
		if int(crc32.ChecksumIEEE(chunk[4:8+length])) != big(sum) {
			return nil, false, errors.New("a checksum does not fit")
		}
		if !pngKept[name] && name[0]&0x20 == 0 {
			return nil, false, fmt.Errorf("it holds a piece %.4q that no PNG has", name)
		}
		if pngKept[name] {
			kept = append(kept, chunk[:12+length]...)
		}
		if name == "IEND" {
			return kept, false, nil
		}
	}
}
