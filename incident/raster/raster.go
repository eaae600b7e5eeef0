// Package raster reads the image files that people paste into records: what one
// is by its content, how large it shows, and what of it is kept. The pixels stay
// as they are, bit by bit; all that cameras and programs write beside them, such
// as where a photo was taken or a thumbnail of what was cut off, is left out, and
// so is whatever follows the end of the picture. Nothing is unpacked, so that a
// file that holds far more than it weighs costs nothing here.
package raster

import (
	"bytes"
	"fmt"
	"image/gif"
	"image/jpeg"
	"image/png"

	"github.com/debriefhq/debrief/incident"
)

// Image is a file as it is kept.
type Image struct {
	MediaType     string
	Width, Height int // pixels, as it is shown
	Bytes         []byte
}

// kind is one row of the table of forms. Clean gives the file without what is
// left out, and whether it shows lying on its side.
type kind struct {
	mediaType string
	is        func(file []byte) bool
	clean     func(file []byte) (cleaned []byte, sideways bool, err error)
	size      func(cleaned []byte) (width, height int, err error)
}

var kinds = []kind{
	{"image/png", starts(pngHead), cleanPNG, sizePNG},
	{"image/jpeg", starts("\xff\xd8\xff"), cleanJPEG, sizeJPEG},
	{"image/gif", func(f []byte) bool { return starts("GIF87a")(f) || starts("GIF89a")(f) }, cleanGIF, sizeGIF},
	{"image/webp", func(f []byte) bool { return len(f) > 12 && starts("RIFF")(f) && string(f[8:12]) == "WEBP" }, cleanWebP, sizeWebP},
}

func starts(with string) func([]byte) bool {
	return func(file []byte) bool { return bytes.HasPrefix(file, []byte(with)) }
}

// Read understands a file. It refuses one that is too heavy with TooLarge, one
// that is no PNG, JPEG, GIF or WebP with Unsupported, and one that is broken or
// too wide with Invalid. Reading what it gave gives the same again.
func Read(file []byte) (Image, error) {
	if len(file) > incident.LargestImage {
		return Image{}, incident.Refuse(incident.TooLarge, "", fmt.Sprintf("an image has at most %d MiB: make it smaller, or cut out what matters", incident.LargestImage>>20))
	}
	for _, k := range kinds {
		if !k.is(file) {
			continue
		}
		cleaned, sideways, err := k.clean(file)
		if err != nil {
			return Image{}, broken(k.mediaType, err)
		}
		width, height, err := k.size(cleaned)
		if err != nil {
			return Image{}, broken(k.mediaType, err)
		}
		if sideways {
			width, height = height, width
		}
		return Image{k.mediaType, width, height, cleaned}, checkSize(width, height)
	}
	return Image{}, incident.Refuse(incident.Unsupported, "", "this is no PNG, JPEG, GIF or WebP: save it as one of these; SVG is not taken, because it can hold programs")
}

func broken(mediaType string, err error) error {
	return incident.Refuse(incident.Invalid, "", fmt.Sprintf("this %s is broken or not whole (%v): save or copy it anew", mediaType, err))
}

func checkSize(width, height int) error {
	if width < 1 || height < 1 || width > incident.LongestEdge || height > incident.LongestEdge || width*height > incident.MostPixels {
		return incident.Refuse(incident.Invalid, "", fmt.Sprintf("the image has %d × %d pixels: at most %d along an edge and %d million in all are kept, so make it smaller",
			width, height, incident.LongestEdge, incident.MostPixels/1_000_000))
	}
	return nil
}

func sizePNG(file []byte) (int, int, error) {
	c, err := png.DecodeConfig(bytes.NewReader(file))
	return c.Width, c.Height, err
}

func sizeJPEG(file []byte) (int, int, error) {
	c, err := jpeg.DecodeConfig(bytes.NewReader(file))
	return c.Width, c.Height, err
}

func sizeGIF(file []byte) (int, int, error) {
	c, err := gif.DecodeConfig(bytes.NewReader(file))
	return c.Width, c.Height, err
}
