package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
)

// imagesOf is how a form names images; a template of one's own does as our own forms.
func imagesOf(format string) document.Images {
	f, err := document.Lookup(format)
	if err != nil {
		f, _ = document.Lookup("markdown")
	}
	return f.Images
}

// exportImages puts the images that a document names to where it finds them, and
// says where. Their names come from their content, so one that is there is right.
func (a *app) exportImages(ctx context.Context, post string, n incident.Number, text []byte, images document.Images) error {
	paths := incident.ImagesIn(text)
	folder, sure := folderOf(images, post)
	put := 0
	for _, path := range paths {
		place := filepath.Join(folder, filepath.Base(path))
		if _, err := os.Lstat(place); err == nil {
			put++
			continue
		}
		file, err := a.client().Image(ctx, n, incident.ImageAt(path))
		if errors.Is(err, incident.NotFound) {
			_, _ = fmt.Fprintf(a.err, "%s is named, and is no image of %s any more\n", path, n)
			continue
		}
		if err != nil {
			return err
		}
		if err := os.MkdirAll(folder, 0o755); err != nil { // #nosec G301 -- it lies beside documents for others
			return written(place, err)
		}
		if err := writeImage(place, file); err != nil {
			return err
		}
		put++
	}
	switch {
	case put == 0:
	case sure:
		_, _ = fmt.Fprintf(a.err, "images in %s: %d\n", plain(folder), put)
	default:
		_, _ = fmt.Fprintf(a.err, "images in %s: %d; they belong in %s\n", plain(folder), put, images.Where)
	}
	return nil
}

// folderOf is where the images of a document belong. It is not sure of a form
// whose site isn't there, or whose document is not named as it should be.
func folderOf(images document.Images, post string) (folder string, sure bool) {
	beside := filepath.Dir(post)
	around, err := filepath.Abs(beside)
	for _, mark := range images.Root {
		for at := around; err == nil; at = filepath.Dir(at) {
			if _, no := os.Stat(filepath.Join(at, filepath.FromSlash(mark))); no == nil {
				return asGiven(filepath.Join(at, filepath.FromSlash(images.Folder)), post), true
			}
			if at == filepath.Dir(at) {
				break
			}
		}
	}
	stem := strings.TrimSuffix(filepath.Base(post), filepath.Ext(post))
	return filepath.Join(beside, filepath.FromSlash(images.Folder)), len(images.Root) == 0 && (!images.Bundle || stem == "index")
}

// asGiven is an absolute path as the caller names others: relative where those are.
func asGiven(path, other string) string {
	here, err := os.Getwd()
	if err != nil || filepath.IsAbs(other) {
		return path
	}
	if short, err := filepath.Rel(here, path); err == nil {
		return short
	}
	return path
}

// writeImage writes all of an image or nothing: one that is there is never looked at again.
func writeImage(place string, image []byte) error {
	s, err := save(place)
	if err != nil {
		return err
	}
	defer s.drop()
	_, _, err = s.keep("", "", image, false)
	return err
}

// importImages brings in the images that lie in the folder images beside a
// document, as an export put them there, and names those that are not taken.
func (a *app) importImages(ctx context.Context, path string, n incident.Number, document []byte) error {
	for _, image := range incident.ImagesIn(document) {
		place := filepath.Join(filepath.Dir(path), filepath.FromSlash(image))
		file, err := os.ReadFile(place) // #nosec G304 -- its name is twelve letters and digits, beside the caller's own file
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return unreadable(place, err)
		}
		kept, err := a.client().AddImage(ctx, n, file)
		var refusal *incident.Error
		switch {
		case errors.As(err, &refusal):
			_, _ = fmt.Fprintf(a.err, "%s is not taken: %s\n", plain(place), refusal.Detail)
		case err != nil:
			return err
		case kept.Path != image:
			_, _ = fmt.Fprintf(a.err, "%s holds another image than its name says: it is kept as %s\n", plain(place), kept.Path)
		}
	}
	return nil
}
