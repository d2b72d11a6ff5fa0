// RTNeural's templated layers, on the backend that it is compiled for: rtneural_bench MODEL -> one JSON line.
#include "bench.hpp"
#include <RTNeural/RTNeural.h>

using namespace RTNeural;
using Tensors = std::map<std::string, Array>;
using Rows = std::vector<std::vector<float>>;

// A matrix [rows, columns] of the state_dict; RTNeural wants the weights of recurrent layers transposed.
Rows matrix(const Array& a) {
    Rows rows(a.shape[0]);
    size_t columns = a.data.size() / a.shape[0];
    for (size_t i = 0; i < rows.size(); i++) rows[i].assign(&a.data[i * columns], &a.data[i * columns] + columns);
    return rows;
}

Rows transposed(const Array& a) {
    Rows from = matrix(a), to(from[0].size(), std::vector<float>(from.size()));
    for (size_t i = 0; i < from.size(); i++)
        for (size_t j = 0; j < to.size(); j++) to[j][i] = from[i][j];
    return to;
}

template <int I, int O> void load(DenseT<float, I, O>& layer, Tensors& w, const std::string& name) {
    layer.setWeights(matrix(w[name + ".weight"]));
    layer.setBias(w[name + ".bias"].data.data());
}

// Its window begins with the newest sample, PyTorch's ends with it.
template <int N, int K> void load(Conv1DT<float, N, N, K, 1>& layer, Tensors& w, const std::string& name) {
    auto& a = w[name + ".weight"];
    std::vector<Rows> all(N, Rows(N, std::vector<float>(K)));
    for (int o = 0; o < N; o++)
        for (int i = 0; i < N; i++)
            for (int k = 0; k < K; k++) all[o][i][K - 1 - k] = a.data[(o * N + i) * K + k];
    layer.setWeights(all);
    layer.setBias(w[name + ".bias"].data);
}

// Its gates stand in the order z, r, n; PyTorch's in the order r, z, n.
template <int I, int H> void load(GRULayerT<float, I, H>& layer, Tensors& w, const std::string& name) {
    auto swapped = [&](const std::string& part) {
        Array a = w[name + "." + part];
        size_t gate = a.data.size() / 3;
        std::swap_ranges(a.data.begin(), a.data.begin() + gate, a.data.begin() + gate);
        return a;
    };
    layer.setWVals(transposed(swapped("weight_ih_l0")));
    layer.setUVals(transposed(swapped("weight_hh_l0")));
    layer.setBVals({swapped("bias_ih_l0").data, swapped("bias_hh_l0").data});
}

template <int I, int H> void load(LSTMLayerT<float, I, H>& layer, Tensors& w, const std::string& name) {
    auto bias = w[name + ".bias_ih_l0"].data;
    for (size_t i = 0; i < bias.size(); i++) bias[i] += w[name + ".bias_hh_l0"].data[i];
    layer.setWVals(transposed(w[name + ".weight_ih_l0"]));
    layer.setUVals(transposed(w[name + ".weight_hh_l0"]));
    layer.setBVals(bias);
}

// Samples one after the other, each in whole, aligned vectors, as RTNeural wants them.
struct Samples {
    struct alignas(64) Vector { float lanes[16]; };
    size_t count, size, stride;
    std::vector<Vector> data;
    explicit Samples(const Array& a) : count(a.shape[0]), size(a.data.size() / count), stride((size + 15) / 16), data(count * stride) {
        for (size_t i = 0; i < count; i++) std::copy_n(&a.data[i * size], size, data[i * stride].lanes);
    }
    const float* operator[](size_t i) const { return data[i * stride].lanes; }
};

// All answers to a sound are compared; then it is played round and round, a sample a call.
template <class Model> void run(const std::string& name, Model& model, const Array& input, const std::vector<float>& expected) {
    Samples samples(input);
    std::vector<float> got;
    model.reset();
    for (size_t i = 0; i < samples.count; i++) {
        model.forward(samples[i]);
        got.insert(got.end(), model.getOutputs(), model.getOutputs() + Model::output_size);
    }
    size_t i = 0;
    bench(RTNEURAL_NAME, name.c_str(), rel_err(got.data(), expected), 1, [&] {
        model.forward(samples[i]);
        asm volatile("" : : "r"(model.getOutputs()) : "memory");
        i = i + 1 == samples.count ? 0 : i + 1;
    });
}

template <class Layer, int I, int O> void layer(const std::string& name, Tensors& w, Tensors& io) {
    static ModelT<float, I, O, Layer> model;
    load(model.template get<0>(), w, "layer");
    run(name, model, io["stream.input"], io["stream.output"].data);
}

template <class Recurrent> void audio(const std::string& name, const std::string& part, Tensors& w, Tensors& io) {
    static ModelT<float, 1, 1, Recurrent, DenseT<float, 20, 1>> model;
    load(model.template get<0>(), w, part);
    load(model.template get<1>(), w, "dense");
    run(name, model, io["stream.input"], io["stream.output"].data);
}

template <int N> bool grid(const std::string& name, Tensors& w, Tensors& io) {
    auto is = [&](const char* kind) { return name == kind + std::to_string(N); };
    if (is("dense_")) return layer<DenseT<float, N, N>, N, N>(name, w, io), true;
    if (is("conv1d_")) return layer<Conv1DT<float, N, N, N - 1, 1>, N, N>(name, w, io), true;
    if (is("gru_")) return layer<GRULayerT<float, N, N>, N, N>(name, w, io), true;
    if (is("lstm_")) return layer<LSTMLayerT<float, N, N>, N, N>(name, w, io), true;
    return false;
}

int main(int, char** argv) {
    std::string name = argv[1];
    // A block is a sample after the other.
    std::string file = name == "lstm_block" ? "lstm_audio" : name;
    auto io = tensors(file + ".io.safetensors"), w = tensors(file + ".safetensors");
    if (name == "mlp") {
        static ModelT<float, 784, 10, DenseT<float, 784, 256>, ReLuActivationT<float, 256>, DenseT<float, 256, 128>, ReLuActivationT<float, 128>,
                      DenseT<float, 128, 10>> model;
        load(model.get<0>(), w, "0");
        load(model.get<2>(), w, "2");
        load(model.get<4>(), w, "4");
        run(name, model, io["input0"], io["output0"].data);
    } else if (file == "lstm_audio") {
        audio<LSTMLayerT<float, 1, 20>>(name, "lstm", w, io);
    } else if (name == "gru_audio") {
        audio<GRULayerT<float, 1, 20>>(name, "gru", w, io);
    } else if (!(grid<4>(name, w, io) || grid<8>(name, w, io) || grid<16>(name, w, io) || grid<32>(name, w, io) || grid<64>(name, w, io))) {
        std::fprintf(stderr, "error: no model %s\n", name.c_str());
        return 1;
    }
}
