// Who imports TallyMessages meets Message, DecodeError and JSONError too.
@_exported public import Protobuf
