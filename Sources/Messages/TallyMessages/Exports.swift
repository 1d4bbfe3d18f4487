// What a generated value can do (decode, encode) and its errors are declared there: whoever uses
// the values meets them, so they come along and nobody below imports Protobuf by itself.
@_exported public import Protobuf
