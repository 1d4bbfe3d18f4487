/* Made by Scripts/generate from proto/. Do not edit. */
#ifndef TALLY_DESCRIPTORS_H
#define TALLY_DESCRIPTORS_H

#include <stddef.h>
#include <stdint.h>

/* A google.protobuf.FileDescriptorSet of every .proto file. */
const uint8_t *tally_descriptors(void);
size_t tally_descriptors_size(void);

#endif
