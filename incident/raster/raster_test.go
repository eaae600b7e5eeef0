package raster_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/raster"
)

const secret = "GPS 52.5200 13.4050 <script>alert(1)</script>"

func drawn(width, height int) *image.Paletted {
	m := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.Black, color.White})
	m.SetColorIndex(1, 1, 1)
	return m
}

func made(t testing.TB, encode func(b *bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// long is a length of at most 255 in four bytes, the most significant first.
func long(text string) string { return "\x00\x00\x00" + short(len(text)) }

// short is a length of at most 255 in one byte.
func short(n int) string { return string([]byte{byte(n & 0xff)}) }

func chunk(name, body string) string {
	piece := name + body
	return long(body) + piece +
		string(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(piece))))
}

func aPNG(t testing.TB) []byte {
	return made(t, func(b *bytes.Buffer) error { return png.Encode(b, drawn(3, 2)) })
}

func aJPEG(t testing.TB) []byte {
	return made(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, drawn(3, 2), nil) })
}

func aGIF(t testing.TB) []byte {
	return made(t, func(b *bytes.Buffer) error {
		return gif.EncodeAll(b, &gif.GIF{Image: []*image.Paletted{drawn(3, 2), drawn(3, 2)}, Delay: []int{5, 5}})
	})
}

func aWebP(t testing.TB) []byte {
	file, err := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// said puts a text where programs put what they say of a file.
func said(file []byte, text string) []byte {
	s := string(file)
	switch {
	case strings.HasPrefix(s, "\x89PNG"):
		s = s[:33] + chunk("tEXt", "Location\x00"+text) + chunk("eXIf", text) + s[33:]
	case strings.HasPrefix(s, "\xff\xd8"):
		body := "Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00" + text
		s = s[:2] + "\xff\xe1\x00" + short(len(body)+2) + body + "\xff\xfe\x00" + short(len(text)+2) + text + s[2:]
	case strings.HasPrefix(s, "GIF"):
		s = strings.Replace(s, "\x21\xff\x0bNETSCAPE", "\x21\xfe"+short(len(text))+text+"\x00\x21\xff\x0bNETSCAPE", 1)
	default:
		body := "EXIF" + short(len(text)) + "\x00\x00\x00" + text + strings.Repeat("\x00", len(text)%2)
		s += body
		s = s[:4] + short(len(s)-8) + "\x00\x00\x00" + s[8:]
	}
	return []byte(s)
}

func TestWhatCamerasAndProgramsSayIsLeftOut(t *testing.T) {
	t.Parallel()
	for mediaType, file := range map[string][]byte{"image/png": aPNG(t), "image/jpeg": aJPEG(t), "image/gif": aGIF(t), "image/webp": aWebP(t)} {
		talks := append(said(file, secret), secret...) // also behind the end, where a page or an archive may hide
		if !bytes.Contains(talks, []byte("52.5200")) {
			t.Fatalf("%s: the test says nothing", mediaType)
		}
		m, err := raster.Read(talks)
		if err != nil || m.MediaType != mediaType {
			t.Errorf("Read of %s = %q, %v", mediaType, m.MediaType, err)
			continue
		}
		if bytes.Contains(m.Bytes, []byte("52.5200")) || bytes.Contains(m.Bytes, []byte("script")) {
			t.Errorf("%s still says where it was taken: %q", mediaType, m.Bytes)
		}
		again, err := raster.Read(m.Bytes)
		if err != nil || !bytes.Equal(again.Bytes, m.Bytes) {
			t.Errorf("%s read twice is another file (%v)", mediaType, err)
		}
	}
}

func TestThePixelsStayAsTheyAre(t *testing.T) {
	t.Parallel()
	for name, file := range map[string][]byte{"png": aPNG(t), "jpeg": aJPEG(t), "gif": aGIF(t)} {
		m, err := raster.Read(said(file, secret))
		if err != nil {
			t.Errorf("Read of %s = %v", name, err)
			continue
		}
		before, _, err := image.Decode(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		after, _, err := image.Decode(bytes.NewReader(m.Bytes))
		if err != nil {
			t.Errorf("%s as kept does not decode: %v", name, err)
			continue
		}
		for y := range 2 {
			for x := range 3 {
				if fmt.Sprint(before.At(x, y).RGBA()) != fmt.Sprint(after.At(x, y).RGBA()) {
					t.Errorf("%s: the pixel at %d, %d was %v and is %v", name, x, y, before.At(x, y), after.At(x, y))
				}
			}
		}
	}
	moving, err := raster.Read(aGIF(t))
	if err != nil {
		t.Fatal(err)
	}
	if all, err := gif.DecodeAll(bytes.NewReader(moving.Bytes)); err != nil || len(all.Image) != 2 || all.Delay[1] != 5 {
		t.Errorf("a moving GIF stands still: %v", err)
	}
}

func TestAPhotoTakenUprightStaysUpright(t *testing.T) {
	t.Parallel()
	m, err := raster.Read(said(aJPEG(t), secret))
	if err != nil {
		t.Fatal(err)
	}
	if m.Width != 2 || m.Height != 3 {
		t.Errorf("a photo of 3 × 2 that is to be turned shows as %d × %d, want 2 × 3", m.Width, m.Height)
	}
	if n := bytes.Count(m.Bytes, []byte("Exif")); n != 1 {
		t.Errorf("it says %d times how it is turned, want once", n)
	}
}

func TestFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	whole := aPNG(t)
	header := func(width, height uint32) string {
		return string(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)) + "\x08\x06\x00\x00\x00"
	}
	sized := func(width, height uint32) []byte {
		return []byte("\x89PNG\r\n\x1a\n" + chunk("IHDR", header(width, height)) + chunk("IDAT", "x") + chunk("IEND", ""))
	}
	flipped := bytes.Clone(whole)
	flipped[20] ^= 1
	tests := []struct {
		name string
		file []byte
		want error
	}{
		{"nothing", nil, incident.Unsupported},
		{"SVG with a script", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), incident.Unsupported},
		{"a page that calls itself PNG", []byte("<!doctype html>\x89PNG\r\n\x1a\n"), incident.Unsupported},
		{"a page behind the head of a GIF", []byte("GIF89a/*<script>alert(1)</script>*/=1;"), incident.Invalid},
		{"BMP", []byte("BM\x00\x00\x00\x00"), incident.Unsupported},
		{"HEIC", []byte("\x00\x00\x00\x18ftypheic"), incident.Unsupported},
		{"PDF", []byte("%PDF-1.7"), incident.Unsupported},
		{"a file over 5 MiB", append(bytes.Clone(whole), make([]byte, incident.LargestImage)...), incident.TooLarge},
		{"12,001 pixels along an edge", sized(12_001, 1), incident.Invalid},
		{"144 million pixels, which weigh nothing", sized(12_000, 12_000), incident.Invalid},
		{"more pixels than a number holds", sized(1<<31-1, 1<<31-1), incident.Invalid},
		{"no pixels", sized(0, 1), incident.Invalid},
		{"a checksum that does not fit", flipped, incident.Invalid},
		{"a PNG with a piece that must be known and is not", []byte(strings.Replace(string(whole), string(whole[:33]), string(whole[:33])+chunk("EVIL", "x"), 1)), incident.Invalid},
		{"a GIF that shows nothing", []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), incident.Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if m, err := raster.Read(tt.file); !errors.Is(err, tt.want) {
				t.Errorf("Read = %d × %d, %v, want %v", m.Width, m.Height, err, tt.want)
			}
		})
	}
}

func TestAFileThatEndsInTheMiddleIsRefused(t *testing.T) {
	t.Parallel()
	for name, file := range map[string][]byte{"png": aPNG(t), "jpeg": aJPEG(t), "gif": aGIF(t), "webp": aWebP(t)} {
		for n := range file {
			if _, err := raster.Read(file[:n]); err == nil {
				t.Errorf("%s cut after %d of %d bytes was taken", name, n, len(file))
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, file := range [][]byte{aPNG(f), aJPEG(f), aGIF(f), aWebP(f)} {
		f.Add(file)
		f.Add(said(file, secret))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		m, err := raster.Read(file)
		var refusal *incident.Error
		switch {
		case err != nil && !errors.As(err, &refusal):
			t.Errorf("Read = %v, which is no refusal", err)
		case err == nil:
			again, err := raster.Read(m.Bytes)
			if err != nil || !bytes.Equal(again.Bytes, m.Bytes) || again.Width != m.Width {
				t.Errorf("what was read is not read again: %v", err)
			}
		}
	})
}
