package raster

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// Markers of JPEG, after their 0xff.
const (
	jpegStart = 0xd8
	jpegEnd   = 0xd9
	jpegScan  = 0xda // begins coded data
	jpegAPP0  = 0xe0
	jpegAPP1  = 0xe1 // Exif
	jpegAdobe = 0xee // APP14, which says how colours are coded
	jpegAPP15 = 0xef
	jpegNote  = 0xfe
)

// cleanJPEG leaves out what applications add and comments. How a phone was held
// is kept, in a piece of our own that says nothing else.
func cleanJPEG(file []byte) ([]byte, bool, error) {
	c := &cut{rest: file}
	c.take(2)
	var kept []byte
	turned := byte(0)
	for {
		marker := c.marker()
		if c.err != nil {
			return nil, false, c.err
		}
		if marker == jpegEnd {
			break
		}
		piece := c.rest
		length := big(c.take(2))
		body := c.take(length - 2)
		if c.err != nil {
			return nil, false, c.err
		}
		switch {
		case marker == jpegAPP1 && turned == 0:
			turned = orientation(body)
		case marker == jpegAdobe && len(body) == 12 && bytes.HasPrefix(body, []byte("Adobe")):
			kept = append(append(kept, 0xff, marker), piece[:length]...)
		case marker >= jpegAPP0 && marker <= jpegAPP15, marker == jpegNote:
		default:
			kept = append(append(kept, 0xff, marker), piece[:length]...)
		}
		if marker == jpegScan {
			kept = append(kept, c.coded()...)
		}
	}
	whole := append([]byte{0xff, jpegStart}, saysTurned(turned)...)
	whole = append(append(whole, kept...), 0xff, jpegEnd)
	return whole, turned > 4, nil
}

// marker takes the next marker, with the bytes 0xff that may fill the room before it.
func (c *cut) marker() byte {
	if c.byte() != 0xff {
		c.fail(errors.New("its pieces do not follow each other"))
		return 0
	}
	m := c.byte()
	for m == 0xff {
		m = c.byte()
	}
	if m == 0 || m == jpegStart {
		c.fail(errors.New("its pieces do not follow each other"))
	}
	return m
}

// coded takes coded data, up to the next marker that is not part of it.
func (c *cut) coded() []byte {
	for i := 0; i+1 < len(c.rest); i++ {
		if next := c.rest[i+1]; c.rest[i] == 0xff && next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7) {
			return c.take(i)
		}
	}
	c.fail(errEnds)
	return nil
}

const exif = "Exif\x00\x00"

// orientation reads how the picture is turned, 2 to 8, from Exif; 0 for not at all.
func orientation(body []byte) byte {
	tiff, is := bytes.CutPrefix(body, []byte(exif))
	if !is || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 0
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			return 0
		}
		if order.Uint16(entries) == 0x0112 {
			if turned := order.Uint16(entries[8:]); turned >= 2 && turned <= 8 {
				return byte(turned)
			}
			return 0
		}
		entries = entries[12:]
	}
	return 0
}

// saysTurned is the smallest Exif that says how the picture is turned.
func saysTurned(turned byte) []byte {
	if turned == 0 {
		return nil
	}
	body := exif + "MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00" + string(rune(turned)) + "\x00\x00\x00\x00\x00\x00"
	return append([]byte{0xff, jpegAPP1, 0, 34}, body...) // 34: the length of the body and its own
}
