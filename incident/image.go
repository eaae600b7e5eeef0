package incident

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The bounds of images.
const (
	LargestImage   = 5 << 20    // bytes of one
	MostImages     = 100        // of one incident
	MostImageBytes = 50 << 20   // of all images of one incident
	LongestEdge    = 12_000     // pixels
	MostPixels     = 50_000_000 // of one image: what a browser unpacks it to
)

// Image is a picture of one incident. Texts of the incident show it, written as
// ![alt](images/ID.png). It has no audience of its own: who may see a text that
// names it may see it. One that no text names is seen by who added it alone.
type Image struct {
	ID        string    `json:"id" doc:"12 characters a-z0-9, made from the content: the same picture has the same id."`
	MediaType string    `json:"media_type" enum:"image/png,image/jpeg,image/gif,image/webp"`
	Width     int       `json:"width" doc:"Pixels, as it is shown."`
	Height    int       `json:"height"`
	Size      int       `json:"size" doc:"Bytes, as kept: without what cameras and programs write about themselves."`
	AddedBy   string    `json:"added_by"`
	AddedAt   time.Time `json:"added_at"`
}

// imageExtensions are those of the media types that are kept.
var imageExtensions = map[string]string{"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp"}

// Path is how texts name the image, and where it lies beside an export.
func (m Image) Path() string { return "images/" + m.ID + imageExtensions[m.MediaType] }

// Markdown shows the image in a text. Alt says what is to be seen.
func (m Image) Markdown(alt string) string {
	return fmt.Sprintf("![%s](%s)", strings.NewReplacer("[", "(", "]", ")", "\n", " ", `\`, "/").Replace(alt), m.Path())
}

var (
	imagePath   = regexp.MustCompile(`^images/([a-z0-9]{12})\.(?:png|jpg|gif|webp)$`)
	imageInText = regexp.MustCompile(`images/([a-z0-9]{12})\.(?:png|jpg|gif|webp)`)
)

// ImageAt is the id of the image that a destination in Markdown names; "" for
// one that names none of ours.
func ImageAt(destination string) string {
	if found := imagePath.FindStringSubmatch(destination); found != nil {
		return found[1]
	}
	return ""
}

// ImagesNamed are the ids of the images that texts of the record name.
func (in *Incident) ImagesNamed() map[string]bool { return imagesNamed(in) }

// ImagesNamed are the ids of the images that outsiders may see.
func (p *Public) ImagesNamed() map[string]bool { return imagesNamed(p) }

// imagesNamed looks through all texts of a record, whatever their field: in its
// JSON, which writes a path as it is.
func imagesNamed(record any) map[string]bool {
	text, err := json.Marshal(record)
	named := map[string]bool{}
	if err != nil {
		return named // a record with an infinite number: no text of it is shown
	}
	for _, found := range imageInText.FindAllSubmatch(text, -1) {
		named[string(found[1])] = true
	}
	return named
}

// ImagesIn are the paths of the images that a document names, each once.
func ImagesIn(document []byte) []string {
	var paths []string
	for _, found := range imageInText.FindAll(document, -1) {
		paths = append(paths, string(found))
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}
