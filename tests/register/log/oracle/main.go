// Reads a published log with golang.org/x/mod/sumdb/note and tlog, which none of us wrote, and says what it makes of it.
//
// Usage: oracle FOLDER JOB, where FOLDER holds checkpoint, key and tiles, and JOB is a JSON file (see job below).
// Prints one line for each check: "ok NAME", or "bad NAME: why". Ends with code 0 whatever it found.
package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

type job struct {
	PrivateKey string            // in Go's own form: our note must be the one that Go signs
	Inclusion  map[string]string // index: our proof file (C2SP tlog-proof)
	Older      []older
}

type older struct {
	Checkpoint string   // a signed note of the smaller tree
	Proof      []string // base64
}

type folder string

func (f folder) read(name string) []byte {
	data, err := os.ReadFile(filepath.Join(string(f), filepath.FromSlash(name)))
	if err != nil {
		return nil
	}
	return data
}

// Height, ReadTiles and SaveTiles make the folder a tlog.TileReader.
func (f folder) Height() int { return height }

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range tiles {
		// Go's paths carry the height, those of C2SP tlog-tiles do not.
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data := f.read(path)
		if data == nil {
			return nil, errors.New("no " + path)
		}
		found = append(found, data)
	}
	return found, nil
}

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func (f folder) entries(first int64, size int64) ([][]byte, error) {
	width := size - first
	if width > 256 {
		width = 256
	}
	tile := tlog.Tile{H: height, L: 0, N: first / 256, W: int(width)}
	data := f.read(strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1))
	var entries [][]byte
	for len(data) >= 2 {
		length := int(binary.BigEndian.Uint16(data))
		if len(data) < 2+length {
			return nil, errors.New("an entry is cut short")
		}
		entries = append(entries, data[2:2+length])
		data = data[2+length:]
	}
	if int64(len(entries)) != width || len(data) != 0 {
		return nil, fmt.Errorf("%d entries instead of %d", len(entries), width)
	}
	return entries, nil
}

func report(name string, err error) {
	if err != nil {
		fmt.Printf("bad %s: %s\n", name, strings.ReplaceAll(err.Error(), "\n", " "))
		return
	}
	fmt.Printf("ok %s\n", name)
}

func opened(signed string, verifier note.Verifier) (tlog.Tree, error) {
	found, err := note.Open([]byte(signed), note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(found.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != verifier.Name() {
		return tlog.Tree{}, errors.New("not a checkpoint of " + verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

func hashes(texts []string) ([]tlog.Hash, error) {
	var found []tlog.Hash
	for _, text := range texts {
		hash, err := tlog.ParseHash(text)
		if err != nil {
			return nil, err
		}
		found = append(found, hash)
	}
	return found, nil
}

func main() {
	log := folder(os.Args[1])
	var asked job
	text, err := os.ReadFile(os.Args[2])
	if err == nil {
		err = json.Unmarshal(text, &asked)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	line, _, _ := strings.Cut(string(log.read("key")), "\n")
	verifier, err := note.NewVerifier(line)
	report("key", err)
	if err != nil {
		return
	}
	signed := string(log.read("checkpoint"))
	tree, err := opened(signed, verifier)
	report("checkpoint", err)
	if err != nil {
		return
	}
	report("signature", sameSignature(asked.PrivateKey, signed))
	reader := tlog.TileHashReader(tree, log)
	report("tiles", sameRoot(tree, reader))
	report("entries", everyEntry(tree, log, reader))
	for index, proof := range asked.Inclusion {
		report("proof of entry "+index, included(index, proof, verifier, log))
	}
	for _, one := range asked.Older {
		old, err := opened(one.Checkpoint, verifier)
		if err == nil {
			err = grown(one.Proof, tree, old, reader)
		}
		report(fmt.Sprintf("grown from %d", old.N), err)
	}
}

func sameSignature(private string, signed string) error {
	signer, err := note.NewSigner(private)
	if err != nil {
		return err
	}
	text := signed[:strings.LastIndex(signed, "\n\n")+1]
	own, err := note.Sign(&note.Note{Text: text}, signer)
	if err == nil && !bytes.Equal(own, []byte(signed)) {
		err = fmt.Errorf("Go signs %q", own)
	}
	return err
}

func sameRoot(tree tlog.Tree, reader tlog.HashReader) error {
	root, err := tlog.TreeHash(tree.N, reader)
	if err == nil && root != tree.Hash {
		err = fmt.Errorf("the root is %v", root)
	}
	return err
}

func everyEntry(tree tlog.Tree, log folder, reader tlog.HashReader) error {
	for first := int64(0); first < tree.N; first += 256 {
		entries, err := log.entries(first, tree.N)
		if err != nil {
			return err
		}
		for place, entry := range entries {
			index := first + int64(place)
			if index%97 != 0 && index < tree.N-3 { // a proof for each would take long
				continue
			}
			proof, err := tlog.ProveRecord(tree.N, index, reader)
			if err == nil {
				err = tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry))
			}
			if err != nil {
				return fmt.Errorf("entry %d: %w", index, err)
			}
		}
	}
	return nil
}

// included checks one of our proof files: header, index, hashes, an empty line, the checkpoint.
func included(index string, proof string, verifier note.Verifier, log folder) error {
	head, signed, _ := strings.Cut(proof, "\n\n")
	lines := strings.Split(head, "\n")
	if len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" || lines[1] != "index "+index {
		return errors.New("not a proof of this entry")
	}
	path, err := hashes(lines[2:])
	if err != nil {
		return err
	}
	tree, err := opened(signed, verifier)
	if err != nil {
		return err
	}
	number, err := strconv.ParseInt(index, 10, 64)
	if err != nil {
		return err
	}
	entries, err := log.entries(number/256*256, tree.N)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(path, tree.N, tree.Hash, number, tlog.RecordHash(entries[number%256]))
}

func grown(texts []string, tree tlog.Tree, old tlog.Tree, reader tlog.HashReader) error {
	proof, err := hashes(texts)
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash); err != nil {
		return err
	}
	own, err := tlog.ProveTree(tree.N, old.N, reader)
	if err == nil && fmt.Sprint([]tlog.Hash(own)) != fmt.Sprint(proof) {
		err = errors.New("Go proves it otherwise")
	}
	return err
}
